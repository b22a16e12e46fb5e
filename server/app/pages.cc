#include "app/pages.h"

#include "app/embedded_web.h"
#include "net/static_files.h"

namespace renkei::app {
namespace {

class Pages final : public net::Handler {
 public:
  // The policy for pages is among the headers of every answer (program.cc).
  Pages() : files_(EmbeddedWebFiles(), "") {}

  Task<void> Handle(const net::Request& request, net::Answer& answer) override {
    if (!files_.Serve(request, answer)) {
      answer.status = 404;
      answer.content_type = "text/plain; charset=utf-8";
      answer.body = "Not Found";
    }
    co_return;
  }

 private:
  net::StaticFiles files_;
};

}  // namespace

std::unique_ptr<net::Handler> MakePages() { return std::make_unique<Pages>(); }

}  // namespace renkei::app
