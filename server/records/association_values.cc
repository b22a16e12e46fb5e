#include "records/association_values.h"

namespace renkei::records {
namespace {

bool HasKey(const json::object& object, const std::vector<std::string>& fields) {
  if (fields.empty()) return false;
  for (const std::string& field : fields) {
    const json::value* part = Find(object, field);
    if (part == nullptr || part->is_null() || part->is_structured()) return false;
    if (part->is_string() && part->get_string().empty()) return false;
  }
  return true;
}

Error Invalid(std::string_view name) {
  return InvalidArgument("INVALID_ASSOCIATION_VALUE", std::string(name) + ": invalid value",
                         "Give keys, or objects of the associated collection", std::string(name));
}

}  // namespace

Result<std::vector<LinkInput>> ParseLinks(const json::value& value, std::string_view name,
                                          const std::vector<std::string>& target_key,
                                          const std::vector<std::string>& primary_key,
                                          std::string_view through) {
  std::vector<LinkInput> links;
  if (value.is_null()) return links;
  const auto add = [&](const json::value& item, const json::object* pair_values) -> Result<void> {
    if (links.size() >= kMaxLinksPerValue) {
      return Fail(InvalidArgument("TOO_MANY_LINKS",
                                  std::string(name) + " names more than 50000 records",
                                  "Send them in several requests", std::string(name)));
    }
    LinkInput link;
    link.through = pair_values;
    if (item.is_object()) {
      link.object = &item.get_object();
      if (HasKey(*link.object, target_key)) {
        link.key = &item;
      } else if (HasKey(*link.object, primary_key)) {
        link.key = &item;
        link.by_primary_key = true;
      }
      const json::value* values = through.empty() ? nullptr : Find(*link.object, through);
      if (values != nullptr && values->is_object()) link.through = &values->get_object();
    } else if (item.is_array() || item.is_bool() || item.is_null()) {
      return Fail(Invalid(name));
    } else {
      if (item.is_string() && item.get_string().empty()) return {};
      link.key = &item;
    }
    links.push_back(link);
    return {};
  };
  if (!value.is_array()) {
    RK_CHECK_OK(add(value, nullptr));
    return links;
  }
  for (const json::value& item : value.get_array()) {
    const bool pair =
        item.is_array() && item.get_array().size() == 2 && item.get_array()[1].is_object();
    if (pair) {
      RK_CHECK_OK(add(item.get_array()[0], &item.get_array()[1].get_object()));
    } else if (!item.is_null()) {
      RK_CHECK_OK(add(item, nullptr));
    }
  }
  return links;
}

bool LinkKeysOf(const json::value* filter_by_tk, const std::vector<json::value>& filter_by_tks,
                const json::value& body, json::value& out) {
  if (filter_by_tk != nullptr && !filter_by_tk->is_null()) {
    out = *filter_by_tk;
    return true;
  }
  if (!filter_by_tks.empty()) {
    out = json::array(filter_by_tks.begin(), filter_by_tks.end());
    return true;
  }
  if (body.is_array()) {
    out = body;
    return true;
  }
  if (body.is_object()) {
    const json::value* tk = Find(body, "tk");
    if (tk == nullptr) return false;
    out = *tk;
    return true;
  }
  return false;
}

}  // namespace renkei::records
