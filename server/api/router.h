// The Router takes a request apart (rest-api.md 1, "Order in which a request is judged"), finds who asks and whether
// they may, runs one action and wraps its output in the envelope. Stateless but for tables made at construction;
// called from every event-loop thread at once.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "api/resource.h"
#include "api/services.h"
#include "api/url.h"
#include "net/http.h"
#include "schema/collection.h"

namespace renkei::api {

class Router : public net::Handler {
 public:
  // `pages` answers everything that is not the API (embedded web UI). Both are borrowed.
  Router(Services& services, std::vector<std::span<const Action>> tables, net::Handler& pages);

  Task<void> Handle(const net::Request& request, net::Answer& answer) override;

  // Not ready yet, or stopping: 503 with NocoBase's other envelope.
  void SetReady(bool ready) { ready_.store(ready, std::memory_order_release); }

 private:
  struct Route {
    const Action* action = nullptr;
    schema::CatalogRef catalog;
    const schema::Collection* collection = nullptr;  // the action's target; null for pure endpoints
    bool association = false;
    bool found = false;
  };

  Task<void> HandleApi(const net::Request& request, net::Answer& answer, std::string_view path);
  Task<Result<records::Output>> Run(Call& call, const Route& route, const Address& address);
  Result<void> Authorize(Call& call, const Route& route) const;
  Route FindRoute(const Address& address, std::string_view method, std::string& action) const;
  const Action* FindAction(std::string_view resource, std::string_view action) const;
  bool HasResource(std::string_view resource) const;

  Services& services_;
  net::Handler& pages_;
  schema::NameMap<const Action*> actions_;     // "auth:signIn"
  schema::NameMap<bool> resources_;            // "auth"
  std::vector<std::pair<std::string_view, const Action*>> standard_;
  std::atomic<bool> ready_{false};
};

}  // namespace renkei::api
