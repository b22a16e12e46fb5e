#include "api/resource/collections_apply.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/resource/definition_documents.h"
#include "api/resource/field_interfaces.h"
#include "api/resource/meta_actions.h"
#include "api/services.h"
#include "base/id.h"

namespace renkei::api {
namespace {

constexpr std::string_view kPresets = R"([
  {"name":"id","type":"snowflakeId","interface":"snowflakeId","primaryKey":true,"allowNull":false,"autoIncrement":false,
   "uiSchema":{"type":"number","title":"ID","x-component":"InputNumber","x-read-pretty":true}},
  {"name":"createdAt","type":"date","interface":"createdAt","field":"createdAt",
   "uiSchema":{"type":"datetime","title":"Created at","x-component":"DatePicker","x-read-pretty":true}},
  {"name":"createdBy","type":"belongsTo","interface":"createdBy","target":"users","foreignKey":"createdById",
   "uiSchema":{"type":"object","title":"Created by","x-component":"AssociationField","x-read-pretty":true}},
  {"name":"updatedAt","type":"date","interface":"updatedAt","field":"updatedAt",
   "uiSchema":{"type":"datetime","title":"Last updated at","x-component":"DatePicker","x-read-pretty":true}},
  {"name":"updatedBy","type":"belongsTo","interface":"updatedBy","target":"users","foreignKey":"updatedById",
   "uiSchema":{"type":"object","title":"Last updated by","x-component":"AssociationField","x-read-pretty":true}}])";
constexpr std::string_view kFile = R"([
  {"name":"title","type":"string","interface":"input"},{"name":"filename","type":"string","interface":"input"},
  {"name":"extname","type":"string","interface":"input"},{"name":"size","type":"integer","interface":"integer"},
  {"name":"mimetype","type":"string","interface":"input"},{"name":"path","type":"text","interface":"textarea"},
  {"name":"url","type":"text","interface":"url"},{"name":"preview","type":"text","interface":"url","field":"url"},
  {"name":"storage","type":"belongsTo","interface":"m2o","target":"storages","foreignKey":"storageId","targetKey":"id"},
  {"name":"meta","type":"jsonb","interface":"json","defaultValue":{}}])";
constexpr std::string_view kCalendar = R"([
  {"name":"cron","type":"string","interface":"select"},{"name":"exclude","type":"json","interface":"json"}])";
constexpr std::string_view kComment =
    R"([{"name":"content","type":"text","interface":"markdown"}])";
constexpr std::string_view kExpression = R"([
  {"name":"engine","type":"string","interface":"radioGroup"},
  {"name":"sourceCollection","type":"string","interface":"select"},
  {"name":"expression","type":"text","interface":"textarea"}])";

json::array Parse(std::string_view text) {
  return json::parse({text.data(), text.size()}).get_array();
}

std::string Capitalized(std::string_view word) {
  std::string out(word);
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z')
    out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

void Default(json::object& definition, std::string_view option, std::string value) {
  if (FindString(definition, option).empty()) definition[option] = std::move(value);
}

void NameKeys(json::object& definition, std::string_view collection) {
  const std::string_view type = FindString(definition, "type");
  const std::string name(FindString(definition, "name")), target(FindString(definition, "target"));
  const std::string own(collection);
  if (type == "belongsTo") Default(definition, "foreignKey", name + "Id");
  if (type == "belongsToArray") Default(definition, "foreignKey", name + "Ids");
  if (type == "hasOne" || type == "hasMany") Default(definition, "foreignKey", own + "Id");
  if (type != "belongsToMany") return;
  Default(definition, "through", own + Capitalized(target));
  Default(definition, "foreignKey", own + "Id");
  Default(definition, "otherKey",
          target == own ? "other" + Capitalized(target) + "Id" : target + "Id");
}

bool HasKey(const json::array& fields) {
  return std::any_of(fields.begin(), fields.end(), [](const json::value& field) {
    return field.is_object() && (FindBool(field.get_object(), "primaryKey") ||
                                 FindString(field.get_object(), "name") == "id");
  });
}

// Template fields that the body does not bring itself, behind its own; the key in front.
void AddTemplateFields(json::object& body) {
  json::array& fields = body["fields"].get_array();
  const std::string template_name(FindString(body, "template", "general"));
  if (template_name == "tree" && Find(body, "tree") == nullptr) body["tree"] = "adjacencyList";
  if (template_name == "calendar" && Find(body, "sortable") == nullptr) body["sortable"] = "sort";
  const bool keyed = HasKey(fields);
  json::array all;
  for (json::value& item : TemplateFields(template_name)) {
    const std::string_view name = FindString(item.get_object(), "name");
    const bool given = std::any_of(fields.begin(), fields.end(), [&](const json::value& field) {
      return field.is_object() && FindString(field.get_object(), "name") == name;
    });
    if (given || (keyed && name == "id")) continue;
    if (name == "id") {
      fields.insert(fields.begin(), std::move(item));
    } else {
      all.push_back(std::move(item));
    }
  }
  for (json::value& item : all) fields.push_back(std::move(item));
  body["autoGenId"] = false;
}

json::object Verification(const schema::Collection* made, const json::array& wanted) {
  json::object verify;
  json::array missing;
  for (const json::value& field : wanted) {
    const std::string_view name = FindString(field.get_object(), "name");
    if (made == nullptr || made->FindField(name) == nullptr) missing.emplace_back(name);
  }
  verify["ok"] = made != nullptr && missing.empty();
  verify["exists"] = made != nullptr;
  verify["missingFields"] = std::move(missing);
  return verify;
}

}  // namespace

json::array TemplateFields(std::string_view template_name) {
  json::array fields;
  const auto add = [&](std::string_view text) {
    for (json::value& item : Parse(text)) fields.push_back(std::move(item));
  };
  if (template_name == "view" || template_name == "sql" || template_name == "inherit")
    return fields;
  if (template_name == "file") add(kFile);
  if (template_name == "calendar") add(kCalendar);
  if (template_name == "comment") add(kComment);
  if (template_name == "expression") add(kExpression);
  add(kPresets);
  return fields;
}

Result<void> CompleteForApply(json::object& definition, std::string_view collection,
                              const schema::Collection* existing) {
  if (FindString(definition, "name").empty()) definition["name"] = "f_" + RandomUid();
  const std::string name(FindString(definition, "name"));
  const schema::Field* known = existing == nullptr ? nullptr : existing->FindField(name);
  if (known != nullptr && !known->implicit) {
    // An update: what is not said stays; the type is said by what is there.
    for (const std::string_view option : {"interface", "type", "target", "foreignKey", "otherKey",
                                          "through", "sourceKey", "targetKey"}) {
      const json::value* stored = Find(known->options, option);
      if (stored != nullptr && stored->is_string() && FindString(definition, option).empty())
        definition[option] = *stored;
    }
    if (const json::value* ui = Find(known->options, "uiSchema");
        ui != nullptr && ui->is_object()) {
      json::object merged = ui->get_object();
      if (definition["uiSchema"].is_object()) {
        for (auto& member : definition["uiSchema"].get_object())
          merged[member.key()] = member.value();
      }
      definition["uiSchema"] = std::move(merged);
    }
  }
  RK_CHECK_OK(CompleteByInterface(definition));
  NameKeys(definition, collection);
  return {};
}

Task<Result<records::Output>> CollectionsApply(Call& call) {
  RK_CO_TRY(body, DefinitionBody(call));
  const std::string name(FindString(body, "name"));
  if (name.empty())
    co_return Fail(InvalidArgument("PARAMETER_REQUIRED", "name is required", {}, "name"));
  const schema::CatalogRef before = call.services.catalog.Current();
  const schema::Collection* existing = before->Find(name);
  const bool replace = FindBool(body, "replaceFields"), verify = FindBool(body, "verify", true);
  for (const std::string_view option : {"replaceFields", "verify"}) body.erase(option);
  if (!body["fields"].is_array()) body["fields"] = json::array();
  for (json::value& field : body["fields"].get_array()) {
    if (!field.is_object())
      co_return Fail(InvalidArgument("INVALID_FIELD", "A field must be an object", {}, "fields"));
    RK_CO_CHECK_OK(CompleteForApply(field.get_object(), name, existing));
  }
  const json::array wanted = body["fields"].get_array();
  if (existing == nullptr && Find(body, "autoGenId") == nullptr) AddTemplateFields(body);
  SchemaChange change = [&](SchemaEditor& editor) -> Task<Result<std::string>> {
    json::object copy = body;
    if (existing == nullptr) co_return co_await editor.CreateCollection(std::move(copy));
    json::array fields = std::move(copy["fields"].get_array());
    copy.erase("fields");
    RK_CO_CHECK_OK(co_await editor.UpdateCollection(name, std::move(copy)));
    RK_CO_CHECK_OK(co_await editor.SetFields(name, std::move(fields), replace));
    co_return name;
  };
  RK_CO_CHECK_OK(co_await ChangeSchema(call, std::move(change)));
  const schema::CatalogRef after = call.services.catalog.Current();
  const schema::Collection* made = after->Find(name);
  json::object wrapped;
  wrapped["data"] = made == nullptr ? json::value() : json::value(CollectionDocument(*made, true));
  if (verify) wrapped["verify"] = Verification(made, wanted);
  co_return Answer(wrapped);
}

}  // namespace renkei::api
