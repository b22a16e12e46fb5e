// A Resource answers the actions of one name ("collections", "auth", "roles" …) that are not plain records; whatever it
// does not list falls through to the standard actions on the collection of that name. api/routes.cc lists them all.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"
#include "records/context.h"
#include "records/params.h"
#include "records/records.h"

namespace renkei::auth { class Accounts; }

namespace renkei::api {

class Services;  // services.h: database, catalog store, access store, accounts, settings … owned by app

// One parsed API call (rest-api.md 2).
struct Call {
  const net::Request& request;
  net::Answer& answer;           // handlers set headers (cookies) or write a raw body; see `raw`
  Services& services;
  records::Context context;
  std::string resource;          // "books", "roles.resources" for associations of system resources
  std::string action;            // "list"
  const schema::Collection* collection = nullptr;  // of the resource (target, for associations); null: none
  records::Params params;
  json::object query;            // the parsed query string, for parameters of special actions
  json::value body;              // parsed body: object or array; {} when empty
  bool raw = false;              // the handler has filled answer.body itself: no envelope
};

using ActionFn = Task<Result<records::Output>> (*)(Call&);

struct Action {
  std::string_view resource;   // exact name
  std::string_view name;
  ActionFn run;
  bool state_changing = true;  // GET and HEAD are refused with 405 (rest-api.md 2.3 F)
};

}  // namespace renkei::api
