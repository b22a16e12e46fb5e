#include "app/cli/demo.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "app/cli/api_client.h"
#include "app/cli/commands.h"
#include "app/cli/demo_data.h"

namespace renkei::app {
namespace {

constexpr std::size_t kBatch = 1'000;   // rows in one request: well below the body limit of 10 MiB
constexpr int kMaxOrders = 10'000'000;  // more is a typing mistake

Result<bool> Exists(ApiClient& api, std::string_view name) {
  RK_TRY(answer, api.Get(fmt::format("collections:get/{}", name)));
  const json::value* data = Find(answer, "data");
  return data && data->is_object();
}

// Has-many fields point to collections that come later; they are added when all collections are
// there.
json::array TakeLateFields(json::object& definition) {
  json::array late;
  json::array& fields = definition["fields"].as_array();
  const std::string_view own = FindString(definition, "name");
  for (auto it = fields.begin(); it != fields.end();) {
    const json::object& field = it->as_object();
    if (FindString(field, "type") == "hasMany" && FindString(field, "target") != own) {
      late.push_back(*it);
      it = fields.erase(it);
    } else {
      ++it;
    }
  }
  return late;
}

Result<void> CreateCollections(ApiClient& api, std::vector<DemoCollection>& collections) {
  struct Late {
    std::string collection;
    json::array fields;
  };
  std::vector<Late> later;
  for (DemoCollection& collection : collections) {
    const std::string name(FindString(collection.definition, "name"));
    RK_TRY(exists, Exists(api, name));
    if (exists) continue;
    later.push_back({name, TakeLateFields(collection.definition)});
    RK_CHECK_OK(api.Post("collections:create", ToJson(json::value(collection.definition))));
    fmt::print("  created collection {}\n", name);
  }
  for (const Late& late : later) {
    for (const json::value& field : late.fields) {
      RK_CHECK_OK(
          api.Post(fmt::format("collections/{}/fields:create", late.collection), ToJson(field)));
    }
  }
  return {};
}

// The greatest key stored, 0 when there is none: rows are loaded in the order of their keys.
Result<std::size_t> LastKey(ApiClient& api, std::string_view name) {
  RK_TRY(answer, api.Get(fmt::format("{}:list?fields=id&sort=-id&pageSize=1", name)));
  const json::value* data = Find(answer, "data");
  if (!data || !data->is_array() || data->as_array().empty()) return std::size_t{0};
  const std::int64_t key = FindInt(data->as_array()[0].as_object(), "id");
  return key < 0 ? std::size_t{0} : static_cast<std::size_t>(key);
}

Result<std::size_t> LoadRows(ApiClient& api, const DemoCollection& collection) {
  const std::string name(FindString(collection.definition, "name"));
  RK_TRY(last, LastKey(api, name));
  const std::size_t first = std::min(last, collection.rows);
  std::string body;
  for (std::size_t at = first; at < collection.rows;) {
    const std::size_t end = std::min(at + kBatch, collection.rows);
    body = "[";
    for (; at < end; ++at) {
      if (body.size() > 1) body += ',';
      body += collection.row(at);
    }
    body += ']';
    RK_CHECK_OK(api.Post(name + ":create", body));
    fmt::print("\r  {:<14} {:>8} of {}", name, at, collection.rows);
    std::fflush(stdout);
  }
  if (first == collection.rows) fmt::print("  {:<14} {:>8}, already there", name, collection.rows);
  fmt::print("\n");
  return collection.rows - first;
}

Result<void> Load(const DemoOptions& options) {
  RK_TRY(api, ApiClient::Make(options.base_url));
  if (!options.token.empty()) {
    api.SetToken(options.token);
  } else {
    RK_CHECK_OK(api.SignIn(options.account, options.password));
  }
  RK_TRY(collections, IsoCollections(options.iso_codes));
  std::size_t countries = 1;
  for (const DemoCollection& collection : collections) {
    if (FindString(collection.definition, "name") == "countries") countries = collection.rows;
  }
  for (DemoCollection& collection :
       ShopCollections(static_cast<std::size_t>(options.orders), countries)) {
    collections.push_back(std::move(collection));
  }
  const auto start = std::chrono::steady_clock::now();
  RK_CHECK_OK(CreateCollections(api, collections));
  std::size_t loaded = 0;
  for (const DemoCollection& collection : collections) {
    RK_TRY(rows, LoadRows(api, collection));
    loaded += rows;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  fmt::print("{} rows loaded in {:.1f} s. Open {} and choose a collection in the menu.\n", loaded,
             took.count(), options.base_url);
  return {};
}

}  // namespace

int RunDemo(const DemoOptions& options) {
  if (options.token.empty() && (options.account.empty() || options.password.empty())) {
    ReportFailure(InvalidArgument("ACCOUNT_MISSING",
                                  "the demonstration needs an administrator's account",
                                  "Give --account and --password (or RENKEI_ADMIN_EMAIL and "
                                  "RENKEI_ADMIN_PASSWORD), or --token"));
    return 2;
  }
  if (options.orders < 1 || options.orders > kMaxOrders) {
    ReportFailure(InvalidArgument(
        "ORDERS_INVALID", fmt::format("--orders must lie between 1 and {}", kMaxOrders), ""));
    return 2;
  }
  fmt::print("Loading demonstration data into {}\n", options.base_url);
  const auto done = Load(options);
  if (!done) {
    fmt::print("\n");
    return ReportFailure(done.error());
  }
  return 0;
}

}  // namespace renkei::app
