#include "api/params.h"

#include <charconv>

#include "base/text.h"

namespace renkei::api {
namespace {

constexpr std::size_t kMaxListItems = 1000;  // names in fields, appends, sort …: PARAMETER_TOO_LONG

// A comma list in one plain string, or an array whose members are taken as they are (rest-api.md 3.2).
Result<std::vector<std::string>> NameList(const json::value& value, std::string_view parameter) {
  std::vector<std::string> names;
  if (value.is_string()) {
    names = SplitComma(View(value.get_string()));
  } else if (value.is_array()) {
    for (const json::value& item : value.get_array()) {
      if (item.is_string()) {
        names.emplace_back(View(item.get_string()));
      } else if (item.is_null()) {
        continue;
      } else if (item.is_int64() || item.is_uint64()) {
        names.push_back(ToJson(item));
      } else {
        return Fail(InvalidArgument("INVALID_PARAMETER", std::string(parameter) + " must be a list of names",
                                    "Write " + std::string(parameter) + "=a,b or " + std::string(parameter) + "[]=a",
                                    std::string(parameter)));
      }
    }
  } else if (!value.is_null()) {
    return Fail(InvalidArgument("INVALID_PARAMETER", std::string(parameter) + " must be a list of names",
                                "Write " + std::string(parameter) + "=a,b or " + std::string(parameter) + "[]=a",
                                std::string(parameter)));
  }
  if (names.size() > kMaxListItems) {
    return Fail(InvalidArgument("PARAMETER_TOO_LONG", std::string(parameter) + " names more than 1000 items",
                                "Ask for fewer", std::string(parameter)));
  }
  return names;
}

Result<std::optional<std::int64_t>> PositiveInteger(const json::object& query, std::string_view parameter,
                                                    std::int64_t least) {
  const json::value* value = Find(query, parameter);
  if (value == nullptr || value->is_null()) return std::optional<std::int64_t>();
  if (value->is_string()) {
    const std::string_view text = View(value->get_string());
    if (text.empty()) return std::optional<std::int64_t>();
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault == std::errc() && end == text.data() + text.size() && number >= least && number <= (1LL << 40)) {
      return std::optional<std::int64_t>(number);
    }
  }
  return Fail(InvalidArgument("INVALID_PARAMETER", std::string(parameter) + " must be a whole number of at least " + std::to_string(least),
                              "Write " + std::string(parameter) + "=" + std::to_string(least == 0 ? 20 : 1), std::string(parameter)));
}

bool IsFlag(const json::object& query, std::string_view name, std::string_view word) {
  const json::value* value = Find(query, name);
  return value != nullptr && value->is_string() && View(value->get_string()) == word;
}

Error InvalidFilter(const Error& cause) {
  return InvalidArgument("INVALID_FILTER", "Invalid filter: " + cause.message,
                         "filter must be a JSON object such as {\"title\":{\"$eq\":\"x\"}}, percent-encoded", "filter");
}

// JSON text when it looks like a document, else the text itself.
Result<json::value> KeyValue(const json::value& value) {
  if (!value.is_string()) return value;
  const std::string_view text = View(value.get_string());
  if (!text.starts_with('{') && !text.starts_with('[')) return value;
  auto parsed = ParseJson(text);
  if (parsed) return parsed;
  if (text.starts_with('{')) return value;  // a key such as "{x}" is a text key
  return Fail(InvalidArgument("INVALID_PARAMETER", "filterByTk is not valid JSON", parsed.error().message, "filterByTk"));
}

Result<void> ReadKeys(const json::object& query, const Address& address, records::Params& params) {
  const json::value* by_tk = Find(query, "filterByTk");
  if (by_tk != nullptr && !(by_tk->is_null() || (by_tk->is_string() && by_tk->get_string().empty()))) {
    RK_TRY(value, KeyValue(*by_tk));
    params.filter_by_tk = std::move(value);
  } else if (address.target_key) {
    params.filter_by_tk = json::value(*address.target_key);
  }
  if (const json::value* keys = Find(query, "filterByTks")) {
    RK_TRY(names, NameList(*keys, "filterByTks"));
    for (std::string& name : names) params.filter_by_tks.emplace_back(json::string(name));
  }
  return {};
}

Result<void> ReadFilter(const json::object& query, records::Params& params) {
  const json::value* filter = Find(query, "filter");
  if (filter == nullptr || filter->is_null()) return {};
  if (filter->is_object() || filter->is_array()) {
    params.filter = *filter;
    return {};
  }
  const std::string_view text = Trim(View(filter->get_string()));
  if (text.empty()) return {};
  auto parsed = ParseJson(text);
  if (!parsed) return Fail(InvalidFilter(parsed.error()));
  if (parsed->is_null()) return {};
  if (!parsed->is_object() && !parsed->is_array()) {
    return Fail(InvalidFilter(InvalidArgument("", "it is neither an object nor an array")));
  }
  params.filter = std::move(*parsed);
  return {};
}

}  // namespace

Result<records::Params> ParseParams(const json::object& query, const Address& address) {
  records::Params params;
  if (address.source_key) {
    records::AssociationRef association;
    association.source_collection = address.resource;
    association.association = address.association;
    RK_TRY(key, KeyValue(json::value(*address.source_key)));
    association.source_key = std::move(key);
    params.association = std::move(association);
  }
  RK_CHECK_OK(ReadKeys(query, address, params));
  RK_CHECK_OK(ReadFilter(query, params));
  if (const json::value* fields = Find(query, "fields")) {
    RK_TRY(names, NameList(*fields, "fields"));
    if (!names.empty()) params.fields = std::move(names);
  }
  const std::pair<std::string_view, std::vector<std::string>*> lists[] = {
      {"appends", &params.appends},
      {"except", &params.except},
      {"sort", &params.sort},
      {"whitelist", &params.whitelist},
      {"blacklist", &params.blacklist},
      {"updateAssociationValues", &params.update_association_values},
      {"filterKeys", &params.filter_keys},
  };
  for (const auto& [name, list] : lists) {
    if (const json::value* value = Find(query, name)) {
      RK_TRY(names, NameList(*value, name));
      *list = std::move(names);
    }
  }
  RK_TRY(page, PositiveInteger(query, "page", 1));
  RK_TRY(page_size, PositiveInteger(query, "pageSize", 0));
  params.page = page;
  params.page_size = page_size;
  params.paginate = !IsFlag(query, "paginate", "false");
  params.tree = IsFlag(query, "tree", "true");
  params.is_template = IsFlag(query, "isTemplate", "true");
  params.force_update = IsFlag(query, "forceUpdate", "true");
  if (const std::string_view target = FindString(query, "targetCollection"); !target.empty()) params.target_collection = target;
  if (const std::string_view count = FindString(query, "count"); !count.empty()) params.count_mode = count;
  return params;
}

}  // namespace renkei::api
