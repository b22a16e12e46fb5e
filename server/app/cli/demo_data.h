// What the demonstration consists of: definitions of collections (bodies of collections:create)
// and, for each, its rows as JSON texts in the order of their keys. Pure: reads iso-codes files,
// talks to nobody.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace renkei::app {

struct DemoCollection {
  json::object definition;
  std::size_t rows = 0;
  // The row with key `index` + 1, as a JSON object. Deterministic: the same for the same index.
  std::function<std::string(std::size_t index)> row;
};

// Languages, scripts, countries, subdivisions (a tree), currencies. Error: FILE_UNREADABLE, naming
// package and file.
Result<std::vector<DemoCollection>> IsoCollections(const std::string& folder);

// Categories, customers, products, orders, order lines. `countries` is the number of countries
// loaded before.
std::vector<DemoCollection> ShopCollections(std::size_t orders, std::size_t countries);

// Field definitions, as the web interface writes them.
json::object KeyField();
json::object DemoField(std::string_view name, std::string_view title, std::string_view type,
                       std::string_view interface, json::object more = {});
json::object ManyToOne(std::string_view name, std::string_view title, std::string_view target);
json::object OneToMany(std::string_view name, std::string_view title, std::string_view target,
                       std::string_view foreign_key);
json::object DemoDefinition(std::string_view name, std::string_view title,
                            std::string_view title_field, json::array fields);

}  // namespace renkei::app
