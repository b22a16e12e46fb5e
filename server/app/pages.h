// The embedded web UI as a request handler: everything that is not the API.
#pragma once

#include <memory>

#include "net/http.h"

namespace renkei::app {

std::unique_ptr<net::Handler> MakePages();

}  // namespace renkei::app
