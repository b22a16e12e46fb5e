// The half of the demonstration that comes from Debian's iso-codes.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>

#include "app/cli/demo_data.h"

namespace renkei::app {
namespace {

// The list inside one iso-codes file: {"639-3": [ … ]}.
Result<json::array> ReadList(const std::string& folder, std::string_view standard) {
  const std::string path = fmt::format("{}/iso_{}.json", folder, standard);
  std::ifstream file(path);
  if (!file) {
    return Fail(InvalidArgument("FILE_UNREADABLE", fmt::format("{} cannot be read", path),
                                "Install Debian's package: apt-get install iso-codes"));
  }
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  RK_TRY(document, ParseJson(text));
  const json::value* list = Find(document, standard);
  if (!list || !list->is_array()) {
    return Fail(
        InvalidArgument("FILE_UNREADABLE", fmt::format("{} holds no list", path),
                        "Install Debian's package again: apt-get install --reinstall iso-codes"));
  }
  return list->as_array();
}

std::string_view Member(const json::value& entry, std::string_view name) {
  return FindString(entry.as_object(), name);
}

json::value TextOrNull(std::string_view text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::object Option(std::string_view value, std::string_view label, std::string_view color) {
  return {{"value", value}, {"label", label}, {"color", color}};
}

DemoCollection FromRows(json::object definition, std::vector<std::string> rows) {
  const std::size_t count = rows.size();
  auto shared = std::make_shared<const std::vector<std::string>>(std::move(rows));
  return {std::move(definition), count, [shared](std::size_t index) { return (*shared)[index]; }};
}

DemoCollection Languages(const json::array& list) {
  json::array kinds{Option("L", "living", "green"),     Option("E", "extinct", "red"),
                    Option("A", "ancient", "gold"),     Option("H", "historic", "orange"),
                    Option("C", "constructed", "blue"), Option("S", "special", "default")};
  json::array fields{DemoField("code", "Code", "string", "input", {{"unique", true}}),
                     DemoField("name", "Name", "string", "input", {{"index", true}}),
                     DemoField("shortCode", "Two-letter code", "string", "input"),
                     DemoField("kind", "Kind", "string", "select", {{"enum", std::move(kinds)}}),
                     DemoField("macro", "Macrolanguage", "boolean", "checkbox")};
  std::vector<std::string> rows;
  for (const json::value& entry : list) {
    rows.push_back(ToJson(json::object{{"id", rows.size() + 1},
                                       {"code", Member(entry, "alpha_3")},
                                       {"name", Member(entry, "name")},
                                       {"shortCode", TextOrNull(Member(entry, "alpha_2"))},
                                       {"kind", Member(entry, "type")},
                                       {"macro", Member(entry, "scope") == "M"}}));
  }
  return FromRows(DemoDefinition("languages", "Languages", "name", std::move(fields)),
                  std::move(rows));
}

DemoCollection Scripts(const json::array& list) {
  json::array fields{DemoField("code", "Code", "string", "input", {{"unique", true}}),
                     DemoField("name", "Name", "string", "input"),
                     DemoField("number", "Number", "string", "input")};
  std::vector<std::string> rows;
  for (const json::value& entry : list) {
    rows.push_back(ToJson(json::object{{"id", rows.size() + 1},
                                       {"code", Member(entry, "alpha_4")},
                                       {"name", Member(entry, "name")},
                                       {"number", Member(entry, "numeric")}}));
  }
  return FromRows(DemoDefinition("scripts", "Scripts", "name", std::move(fields)), std::move(rows));
}

DemoCollection Countries(const json::array& list,
                         std::map<std::string, std::size_t, std::less<>>& ids) {
  json::array fields{DemoField("code", "Code", "string", "input", {{"unique", true}}),
                     DemoField("name", "Name", "string", "input", {{"index", true}}),
                     DemoField("officialName", "Official name", "string", "input"),
                     DemoField("longCode", "Three-letter code", "string", "input"),
                     DemoField("number", "Number", "string", "input"),
                     DemoField("flag", "Flag", "string", "input")};
  std::vector<std::string> rows;
  for (const json::value& entry : list) {
    ids.emplace(Member(entry, "alpha_2"), rows.size() + 1);
    rows.push_back(ToJson(json::object{{"id", rows.size() + 1},
                                       {"code", Member(entry, "alpha_2")},
                                       {"name", Member(entry, "name")},
                                       {"officialName", TextOrNull(Member(entry, "official_name"))},
                                       {"longCode", Member(entry, "alpha_3")},
                                       {"number", Member(entry, "numeric")},
                                       {"flag", TextOrNull(Member(entry, "flag"))}}));
  }
  return FromRows(DemoDefinition("countries", "Countries", "name", std::move(fields)),
                  std::move(rows));
}

// ISO 4217 builds most codes from the country's two letters; the others (gold, the euro …) belong
// to no country.
DemoCollection Currencies(const json::array& list,
                          const std::map<std::string, std::size_t, std::less<>>& countries) {
  json::array fields{DemoField("code", "Code", "string", "input", {{"unique", true}}),
                     DemoField("name", "Name", "string", "input"),
                     DemoField("number", "Number", "string", "input"),
                     ManyToOne("country", "Country", "countries")};
  std::vector<std::string> rows;
  for (const json::value& entry : list) {
    const std::string_view code = Member(entry, "alpha_3");
    const auto country = countries.find(code.substr(0, 2));
    rows.push_back(ToJson(
        json::object{{"id", rows.size() + 1},
                     {"code", code},
                     {"name", Member(entry, "name")},
                     {"number", Member(entry, "numeric")},
                     {"countryId", country == countries.end() ? json::value(nullptr)
                                                              : json::value(country->second)}}));
  }
  return FromRows(DemoDefinition("currencies", "Currencies", "name", std::move(fields)),
                  std::move(rows));
}

// The full code of a subdivision's parent: iso-codes writes it with or without the country.
std::string ParentCode(const json::value& entry) {
  const std::string_view parent = Member(entry, "parent");
  if (parent.empty() || parent.find('-') != std::string_view::npos) return std::string(parent);
  return fmt::format("{}-{}", Member(entry, "code").substr(0, 2), parent);
}

DemoCollection Subdivisions(const json::array& list,
                            const std::map<std::string, std::size_t, std::less<>>& countries) {
  std::map<std::string, const json::value*, std::less<>> by_code;
  for (const json::value& entry : list) by_code.emplace(Member(entry, "code"), &entry);
  const auto depth = [&](const json::value& entry) {
    int levels = 0;
    const json::value* at = &entry;
    for (; levels < 8; ++levels) {
      const auto parent = by_code.find(ParentCode(*at));
      if (parent == by_code.end()) break;
      at = parent->second;
    }
    return levels;
  };
  // Parents first, so that no row names one that is not there yet.
  std::vector<std::pair<int, const json::value*>> ordered;
  for (const json::value& entry : list) ordered.emplace_back(depth(entry), &entry);
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });

  std::map<std::string, std::size_t, std::less<>> ids;
  std::vector<std::string> rows;
  for (const auto& [level, entry] : ordered) {
    const std::string_view code = Member(*entry, "code");
    ids.emplace(code, rows.size() + 1);
    const auto parent = ids.find(ParentCode(*entry));
    const auto country = countries.find(code.substr(0, 2));
    rows.push_back(ToJson(json::object{
        {"id", rows.size() + 1},
        {"code", code},
        {"name", Member(*entry, "name")},
        {"kind", Member(*entry, "type")},
        {"countryId",
         country == countries.end() ? json::value(nullptr) : json::value(country->second)},
        {"parentId", parent == ids.end() ? json::value(nullptr) : json::value(parent->second)}}));
  }

  json::array fields{
      DemoField("parentId", "Parent ID", "bigInt", "integer", {{"isForeignKey", true}}),
      DemoField("parent", "Parent", "belongsTo", "m2o",
                {{"target", "subdivisions"},
                 {"foreignKey", "parentId"},
                 {"targetKey", "id"},
                 {"treeParent", true},
                 {"onDelete", "CASCADE"}}),
      DemoField("children", "Children", "hasMany", "o2m",
                {{"target", "subdivisions"},
                 {"foreignKey", "parentId"},
                 {"sourceKey", "id"},
                 {"targetKey", "id"},
                 {"treeChildren", true},
                 {"onDelete", "CASCADE"}}),
      DemoField("code", "Code", "string", "input", {{"unique", true}}),
      DemoField("name", "Name", "string", "input", {{"index", true}}),
      DemoField("kind", "Kind", "string", "input"),
      ManyToOne("country", "Country", "countries")};
  json::object definition =
      DemoDefinition("subdivisions", "Subdivisions", "name", std::move(fields));
  definition["template"] = "tree";
  definition["tree"] = "adjacencyList";
  return FromRows(std::move(definition), std::move(rows));
}

}  // namespace

Result<std::vector<DemoCollection>> IsoCollections(const std::string& folder) {
  RK_TRY(languages, ReadList(folder, "639-3"));
  RK_TRY(scripts, ReadList(folder, "15924"));
  RK_TRY(countries, ReadList(folder, "3166-1"));
  RK_TRY(subdivisions, ReadList(folder, "3166-2"));
  RK_TRY(currencies, ReadList(folder, "4217"));
  std::map<std::string, std::size_t, std::less<>> country_ids;
  std::vector<DemoCollection> all;
  all.push_back(Languages(languages));
  all.push_back(Scripts(scripts));
  all.push_back(Countries(countries, country_ids));
  all.push_back(Currencies(currencies, country_ids));
  all.push_back(Subdivisions(subdivisions, country_ids));
  return all;
}

}  // namespace renkei::app
