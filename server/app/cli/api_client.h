// A blocking client of Renkei's own HTTP API, for command-line tools: one kept-alive connection,
// plain http. Not thread-safe. A lost connection is opened again at the next call. Errors:
// SERVER_UNREACHABLE when nobody answers, otherwise the server's own code, message and hint.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace renkei::app {

class ApiClient {
 public:
  // `base_url` like http://127.0.0.1:13000. Error: URL_INVALID.
  static Result<ApiClient> Make(std::string_view base_url);
  ~ApiClient();
  ApiClient(ApiClient&&) noexcept;
  ApiClient& operator=(ApiClient&&) noexcept;

  void SetToken(std::string token);
  Result<void> SignIn(std::string_view account, std::string_view password);

  // `path` is below /api/, ready to send ("orders:list?pageSize=1"). The whole answer:
  // {"data":…,"meta":…}.
  Result<json::object> Get(std::string_view path);
  Result<json::object> Post(std::string_view path, std::string_view body);

 private:
  struct Impl;
  explicit ApiClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace renkei::app
