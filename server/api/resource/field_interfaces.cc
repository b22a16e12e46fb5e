#include "api/resource/field_interfaces.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace renkei::api {
namespace {

constexpr std::array<std::string_view, 13> kColors = {
    "red",  "magenta", "volcano",  "orange", "gold",    "lime", "green",
    "cyan", "blue",    "geekblue", "purple", "default", ""};

const std::vector<FieldInterface>& Interfaces() {
  static const std::vector<FieldInterface> list = {
      {"input", {"string"}, "Input", "string"},
      {"phone", {"string"}, "Input", "string"},
      {"email", {"string"}, "Input", "string"},
      {"color", {"string"}, "ColorPicker", "string"},
      {"icon", {"string"}, "IconPicker", "string"},
      {"url", {"text", "string"}, "Input.URL", "string"},
      {"textarea", {"text", "string"}, "Input.TextArea", "string"},
      {"markdown", {"text", "string"}, "Markdown", "string"},
      {"vditor", {"text", "string"}, "MarkdownVditor", "string"},
      {"richText", {"text", "string"}, "RichText", "string"},
      {"integer", {"bigInt", "integer"}, "InputNumber", "number"},
      {"number",
       {"double", "float", "decimal", "integer", "bigInt", "real"},
       "InputNumber",
       "number"},
      {"percent", {"float", "double", "decimal"}, "Percent", "number"},
      {"currency", {"decimal"}, "InputNumber", "number"},
      {"password", {"password", "string"}, "Password", "string"},
      {"checkbox", {"boolean"}, "Checkbox", "boolean"},
      {"switch", {"boolean"}, "Switch", "boolean"},
      {"select", {"string"}, "Select", "string"},
      {"radioGroup", {"string", "radio"}, "Radio.Group", "string"},
      {"multipleSelect", {"array", "set"}, "Select", "array"},
      {"checkboxGroup", {"array", "set"}, "Checkbox.Group", "array"},
      {"json", {"json", "jsonb"}, "Input.JSON", "object"},
      {"attachment", {"belongsToMany"}, "Upload.Attachment", "array"},
      {"attachmentURL", {"string"}, "Input.URL", "string"},
      {"point", {"point", "json"}, "Map", "string"},
      {"lineString", {"lineString", "json"}, "Map", "string"},
      {"circle", {"circle", "json"}, "Map", "string"},
      {"polygon", {"polygon", "json"}, "Map", "string"},
      {"datetime", {"date", "datetime", "datetimeTz"}, "DatePicker", "string"},
      {"createdAt", {"date", "datetime", "datetimeTz"}, "DatePicker", "datetime"},
      {"updatedAt", {"date", "datetime", "datetimeTz"}, "DatePicker", "datetime"},
      {"datetimeNoTz", {"datetimeNoTz"}, "DatePicker", "string"},
      {"date", {"dateOnly"}, "DatePicker", "string"},
      {"dateOnly", {"dateOnly"}, "DatePicker", "string"},
      {"time", {"time"}, "TimePicker", "string"},
      {"unixTimestamp", {"unixTimestamp", "bigInt"}, "UnixTimestamp", "number"},
      {"m2o", {"belongsTo"}, "AssociationField", "object"},
      {"obo", {"belongsTo"}, "AssociationField", "object"},
      {"createdBy", {"belongsTo"}, "AssociationField", "object"},
      {"updatedBy", {"belongsTo"}, "AssociationField", "object"},
      {"o2m", {"hasMany"}, "AssociationField", "array"},
      {"subTable", {"hasMany"}, "AssociationField", "array"},
      {"oho", {"hasOne"}, "AssociationField", "object"},
      {"o2o", {"hasOne", "belongsTo"}, "AssociationField", "object"},
      {"m2m", {"belongsToMany"}, "AssociationField", "array"},
      {"linkTo", {"belongsToMany"}, "AssociationField", "array"},
      {"mbm", {"belongsToArray"}, "AssociationField", "array"},
      {"chinaRegion", {"belongsToMany"}, "Cascader", "array"},
      {"id", {"bigInt", "snowflakeId", "integer"}, "InputNumber", "number"},
      {"snowflakeId", {"snowflakeId"}, "InputNumber", "number"},
      {"uuid", {"uuid", "string"}, "Input", "string"},
      {"nanoid", {"nanoid", "string"}, "NanoIDInput", "string"},
      {"uid", {"uid", "string"}, "Input", "string"},
      {"formula", {"formula"}, "Formula.Result", "number"},
      {"sort", {"sort"}, "InputNumber", "number"},
      {"sequence", {"sequence"}, "Input", "string"},
      {"code", {"code", "text"}, "CodeEditor", "string"},
      {"encryption", {"encryption", "string"}, "Input", "string"},
      {"tableoid", {"virtual", "tableoid"}, "CollectionSelect", "string"},
      {"collection", {"string", "collection"}, "CollectionSelect", "string"},
  };
  return list;
}

bool IsChoice(std::string_view name) {
  return name == "select" || name == "radioGroup" || name == "multipleSelect" ||
         name == "checkboxGroup";
}

tl::unexpected<Error> Refuse(std::string_view code, std::string message, std::string hint = {}) {
  return Fail(InvalidArgument(code, std::move(message), std::move(hint), "fields"));
}

// Items need value, label and color.
Result<void> CheckChoices(std::string_view name, json::object& ui) {
  json::value* items = ui.if_contains("enum");
  if (items == nullptr || items->is_null()) return {};
  if (!items->is_array())
    return Refuse("INVALID_CHOICE", fmt::format("Field '{}': enum must be a list", name));
  for (json::value& item : items->get_array()) {
    const bool complete = item.is_object() && Find(item, "value") != nullptr &&
                          !FindString(item.get_object(), "label").empty() &&
                          Find(item, "color") != nullptr;
    if (!complete) {
      return Refuse("INVALID_CHOICE",
                    fmt::format("Field '{}': each item of enum needs value, label and color", name),
                    R"(For example {"value":"open","label":"Open","color":"green"})");
    }
    const std::string_view color = FindString(item.get_object(), "color");
    if (color.empty() || std::find(kColors.begin(), kColors.end(), color) == kColors.end()) {
      return Refuse("INVALID_CHOICE",
                    fmt::format("Field '{}': '{}' is not a color of choices", name, color),
                    "red magenta volcano orange gold lime green cyan blue geekblue purple default");
    }
  }
  return {};
}

// ["required", {"name":"max","args":{"limit":9}}] → the validation option.
void ExpandValidators(json::object& definition, std::string_view ui_type) {
  const json::value* given = Find(definition, "validators");
  if (given == nullptr || !given->is_array()) return;
  json::array rules;
  for (const json::value& item : given->get_array()) {
    json::object rule;
    rule["key"] = fmt::format("r{}", rules.size() + 1);
    if (item.is_string()) {
      rule["name"] = item;
    } else if (item.is_object()) {
      for (const auto& member : item.get_object()) rule[member.key()] = member.value();
    } else {
      continue;
    }
    rules.push_back(std::move(rule));
  }
  const std::string_view type = FindString(definition, "type");
  std::string_view kind =
      ui_type == "number" || ui_type == "boolean" || ui_type == "object" ? ui_type : "string";
  if (type == "date" || type == "datetime" || type == "datetimeTz" || type == "datetimeNoTz" ||
      type == "dateOnly" || type == "unixTimestamp") {
    kind = "date";
  }
  if (ui_type == "array") kind = "object";
  definition["validation"] = json::object{{"type", kind}, {"rules", std::move(rules)}};
  definition.erase("validators");
}

}  // namespace

const FieldInterface* FindFieldInterface(std::string_view name) {
  for (const FieldInterface& item : Interfaces()) {
    if (item.name == name) return &item;
  }
  return nullptr;
}

Result<void> CompleteByInterface(json::object& definition) {
  const std::string name(FindString(definition, "name"));
  const std::string interface(FindString(definition, "interface"));
  if (interface.empty()) {
    if (!FindString(definition, "type").empty()) return {};
    return Refuse("UNKNOWN_INTERFACE", fmt::format("Field '{}' needs an interface", name));
  }
  const FieldInterface* known = FindFieldInterface(interface);
  if (known == nullptr) {
    return Refuse("UNKNOWN_INTERFACE",
                  fmt::format("Field '{}': unknown interface '{}'", name, interface));
  }
  const std::string_view type = FindString(definition, "type");
  if (type.empty()) {
    definition["type"] = known->types.front();
  } else if (std::find(known->types.begin(), known->types.end(), type) == known->types.end()) {
    return Refuse(
        "INTERFACE_MISMATCH",
        fmt::format("Field '{}': type '{}' does not fit interface '{}'", name, type, interface),
        fmt::format("Use type '{}', or leave it out", known->types.front()));
  }
  if (!definition["uiSchema"].is_object()) definition["uiSchema"] = json::object();
  json::object& ui = definition["uiSchema"].get_object();
  if (!ui.contains("type")) ui["type"] = known->ui_type;
  if (!ui.contains("x-component")) ui["x-component"] = known->component;
  if (!ui.contains("title")) {
    const std::string_view title = FindString(definition, "title", name);
    ui["title"] = title;
  }
  if (const json::value* items = Find(definition, "enum"); items != nullptr && !ui.contains("enum"))
    ui["enum"] = *items;
  if (IsChoice(interface)) RK_CHECK_OK(CheckChoices(name, ui));
  if ((interface == "multipleSelect" || interface == "checkboxGroup") &&
      !definition.contains("defaultValue")) {
    definition["defaultValue"] = json::array();
  }
  if (interface == "attachment" && FindString(definition, "target").empty())
    definition["target"] = "attachments";
  if (interface == "chinaRegion" && FindString(definition, "target").empty()) {
    definition["target"] = "chinaRegions";
    definition["targetKey"] = "code";
  }
  if ((interface == "createdBy" || interface == "updatedBy") &&
      FindString(definition, "target").empty()) {
    definition["target"] = "users";
    definition["foreignKey"] = interface + "Id";
  }
  ExpandValidators(definition, known->ui_type);
  return {};
}

}  // namespace renkei::api
