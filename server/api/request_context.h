// What a request says about its caller besides the token: language, time zone, address.
#pragma once

#include <string_view>

#include "api/services.h"
#include "base/json.h"
#include "net/http.h"
#include "records/context.h"

namespace renkei::api {

// X-Locale only; the full rule (?locale=, system setting, Accept-Language) is MakeContext's.
std::string_view RequestLocale(const net::Request& request);

// Everything but the identity, which authentication adds.
records::Context MakeContext(const Services& services, const net::Request& request, const json::object& query,
                             schema::CatalogRef catalog);

}  // namespace renkei::api
