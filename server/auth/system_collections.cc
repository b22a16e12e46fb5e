// What the tables of system_auth.cc look like on the wire: the names, titles and relations NocoBase
// clients know.
#include <cstdlib>
#include <string_view>

#include "auth/system_auth.h"

namespace renkei::auth {
namespace {

// Members every definition has are added by Complete().
constexpr std::string_view kPeople = R"json([
{"name":"users","title":"{{t(\"Users\")}}","titleField":"nickname","filterTargetKey":"id","stamps":true,"authors":true,"fields":[
  {"name":"id","type":"bigInt","interface":"id","autoIncrement":true,"primaryKey":true,"allowNull":false,"uiSchema":{"type":"number","title":"ID","x-component":"InputNumber","x-read-pretty":true}},
  {"name":"nickname","type":"string","interface":"input","uiSchema":{"type":"string","title":"Nickname","x-component":"Input"}},
  {"name":"username","type":"string","interface":"input","unique":true,"uiSchema":{"type":"string","title":"Username","x-component":"Input","x-validator":{"username":true},"required":true}},
  {"name":"email","type":"string","interface":"email","unique":true,"uiSchema":{"type":"string","title":"Email","x-component":"Input","x-validator":"email","required":true}},
  {"name":"phone","type":"string","interface":"input","unique":true,"uiSchema":{"type":"string","title":"Phone","x-component":"Input"}},
  {"name":"password","type":"password","interface":"password","hidden":true,"uiSchema":{"type":"string","title":"Password","x-component":"Password"}},
  {"name":"appLang","type":"string","uiSchema":{"type":"string","title":"Language","x-component":"Select"}},
  {"name":"resetToken","type":"string","hidden":true},
  {"name":"systemSettings","type":"json","defaultValue":{}},
  {"name":"passwordChangedAt","type":"date","hidden":true},
  {"name":"roles","type":"belongsToMany","interface":"m2m","target":"roles","through":"rolesUsers","foreignKey":"userId","otherKey":"roleName","sourceKey":"id","targetKey":"name","onDelete":"CASCADE","uiSchema":{"type":"array","title":"Roles","x-component":"AssociationField"}}
]},
{"name":"roles","title":"{{t(\"Roles\")}}","titleField":"title","filterTargetKey":"name","stamps":true,"sortable":true,"fields":[
  {"name":"name","type":"uid","prefix":"r_","interface":"input","primaryKey":true,"allowNull":false,"uiSchema":{"type":"string","title":"Role UID","x-component":"Input"}},
  {"name":"title","type":"string","interface":"input","unique":true,"translation":true,"uiSchema":{"type":"string","title":"Role name","x-component":"Input"}},
  {"name":"description","type":"string"},
  {"name":"color","type":"string"},
  {"name":"strategy","type":"json"},
  {"name":"default","type":"radio","defaultValue":false},
  {"name":"hidden","type":"boolean","defaultValue":false},
  {"name":"allowConfigure","type":"boolean"},
  {"name":"allowNewMenu","type":"boolean"},
  {"name":"snippets","type":"json","defaultValue":["!ui.*","!pm","!pm.*"]},
  {"name":"sort","type":"sort"},
  {"name":"users","type":"belongsToMany","interface":"m2m","target":"users","through":"rolesUsers","foreignKey":"roleName","otherKey":"userId","sourceKey":"name","targetKey":"id"}
]},
{"name":"rolesUsers","hidden":true,"isThrough":true,"filterTargetKey":["userId","roleName"],"stamps":true,"fields":[
  {"name":"userId","type":"bigInt","primaryKey":true,"allowNull":false,"isForeignKey":true},
  {"name":"roleName","type":"string","primaryKey":true,"allowNull":false,"isForeignKey":true},
  {"name":"default","type":"boolean"}
]},
{"name":"dataSourcesRoles","hidden":true,"filterTargetKey":"id","fields":[
  {"name":"id","type":"uid","primaryKey":true,"allowNull":false},
  {"name":"strategy","type":"json"},
  {"name":"dataSourceKey","type":"string","allowNull":false},
  {"name":"roleName","type":"string","allowNull":false}
]},
{"name":"dataSourcesRolesResources","hidden":true,"filterTargetKey":"id","stamps":true,"fields":[
  {"name":"id","type":"bigInt","autoIncrement":true,"primaryKey":true,"allowNull":false},
  {"name":"dataSourceKey","type":"string","allowNull":false},
  {"name":"roleName","type":"string","allowNull":false},
  {"name":"name","type":"string","allowNull":false},
  {"name":"usingActionsConfig","type":"boolean"},
  {"name":"actions","type":"hasMany","target":"dataSourcesRolesResourcesActions","foreignKey":"rolesResourceId","sourceKey":"id","targetKey":"id"}
]},
{"name":"dataSourcesRolesResourcesActions","hidden":true,"filterTargetKey":"id","stamps":true,"fields":[
  {"name":"id","type":"bigInt","autoIncrement":true,"primaryKey":true,"allowNull":false},
  {"name":"name","type":"string","allowNull":false},
  {"name":"fields","type":"json"},
  {"name":"scopeId","type":"bigInt","isForeignKey":true},
  {"name":"rolesResourceId","type":"bigInt","isForeignKey":true},
  {"name":"scope","type":"belongsTo","target":"dataSourcesRolesResourcesScopes","foreignKey":"scopeId","targetKey":"id"}
]},
{"name":"dataSourcesRolesResourcesScopes","hidden":true,"filterTargetKey":"id","stamps":true,"fields":[
  {"name":"id","type":"bigInt","autoIncrement":true,"primaryKey":true,"allowNull":false},
  {"name":"key","type":"string"},
  {"name":"dataSourceKey","type":"string","allowNull":false,"defaultValue":"main"},
  {"name":"name","type":"string"},
  {"name":"resourceName","type":"string"},
  {"name":"scope","type":"json"}
]}
])json";

constexpr std::string_view kSystem = R"json([
{"name":"authenticators","hidden":true,"filterTargetKey":"id","stamps":true,"authors":true,"sortable":true,"fields":[
  {"name":"id","type":"bigInt","autoIncrement":true,"primaryKey":true,"allowNull":false},
  {"name":"name","type":"string","unique":true,"allowNull":false,"uiSchema":{"type":"string","title":"Auth UID"}},
  {"name":"authType","type":"string","allowNull":false,"uiSchema":{"type":"string","title":"Auth type"}},
  {"name":"title","type":"string","translation":true},
  {"name":"description","type":"string","defaultValue":""},
  {"name":"options","type":"json","defaultValue":{}},
  {"name":"enabled","type":"boolean","defaultValue":false},
  {"name":"sort","type":"sort"}
]},
{"name":"usersAuthenticators","hidden":true,"filterTargetKey":["authenticator","userId"],"stamps":true,"authors":true,"fields":[
  {"name":"authenticator","type":"string","primaryKey":true,"allowNull":false},
  {"name":"userId","type":"bigInt","primaryKey":true,"allowNull":false},
  {"name":"uuid","type":"string","allowNull":false},
  {"name":"nickname","type":"string"},
  {"name":"avatar","type":"string"},
  {"name":"meta","type":"json","defaultValue":{}}
]},
{"name":"tokenControlConfig","hidden":true,"filterTargetKey":"key","stamps":true,"authors":true,"fields":[
  {"name":"key","type":"string","primaryKey":true,"allowNull":false},
  {"name":"config","type":"json"}
]},
{"name":"systemSettings","hidden":true,"filterTargetKey":"id","stamps":true,"fields":[
  {"name":"id","type":"bigInt","autoIncrement":true,"primaryKey":true,"allowNull":false},
  {"name":"title","type":"string"},
  {"name":"showLogoOnly","type":"boolean"},
  {"name":"logoId","type":"bigInt","isForeignKey":true},
  {"name":"allowSignUp","type":"boolean"},
  {"name":"smsAuthEnabled","type":"boolean"},
  {"name":"roleMode","type":"string"},
  {"name":"appLang","type":"string"},
  {"name":"enabledLanguages","type":"json"},
  {"name":"options","type":"json"},
  {"name":"timezone","type":"string"},
  {"name":"enableEditProfile","type":"boolean"},
  {"name":"enableChangePassword","type":"boolean"},
  {"name":"logo","type":"belongsTo","target":"attachments","foreignKey":"logoId","targetKey":"id"}
]},
{"name":"storages","hidden":true,"filterTargetKey":"id","stamps":true,"fields":[
  {"name":"id","type":"snowflakeId","primaryKey":true,"allowNull":false},
  {"name":"title","type":"string","translation":true,"uiSchema":{"type":"string","title":"Title"}},
  {"name":"name","type":"uid","unique":true,"uiSchema":{"type":"string","title":"Storage name"}},
  {"name":"type","type":"string"},
  {"name":"options","type":"json","defaultValue":{}},
  {"name":"rules","type":"json","defaultValue":{}},
  {"name":"path","type":"text","defaultValue":""},
  {"name":"baseUrl","type":"string","defaultValue":""},
  {"name":"renameMode","type":"string","defaultValue":"appendRandomID"},
  {"name":"default","type":"radio","defaultValue":false},
  {"name":"paranoid","type":"boolean","defaultValue":false},
  {"name":"settings","type":"json","defaultValue":{}}
]},
{"name":"attachments","title":"{{t(\"Attachments\")}}","hidden":true,"template":"file","filterTargetKey":"id","stamps":true,"authors":true,"fields":[
  {"name":"id","type":"bigInt","interface":"id","autoIncrement":true,"primaryKey":true,"allowNull":false},
  {"name":"title","type":"string","interface":"input","uiSchema":{"type":"string","title":"Title"}},
  {"name":"filename","type":"string","interface":"input","uiSchema":{"type":"string","title":"File name"}},
  {"name":"extname","type":"string","interface":"input","uiSchema":{"type":"string","title":"Extension name"}},
  {"name":"size","type":"bigInt","interface":"integer","uiSchema":{"type":"number","title":"Size"}},
  {"name":"mimetype","type":"string","interface":"input","uiSchema":{"type":"string","title":"MIME type"}},
  {"name":"storageId","type":"bigInt","isForeignKey":true},
  {"name":"storage","type":"belongsTo","target":"storages","foreignKey":"storageId","targetKey":"id"},
  {"name":"path","type":"text","uiSchema":{"type":"string","title":"Path"}},
  {"name":"url","type":"text","uiSchema":{"type":"string","title":"URL"}},
  {"name":"preview","type":"text","uiSchema":{"type":"string","title":"Preview"}},
  {"name":"meta","type":"json","defaultValue":{}}
]},
{"name":"environmentVariables","hidden":true,"filterTargetKey":"name","stamps":true,"authors":true,"fields":[
  {"name":"name","type":"string","primaryKey":true,"allowNull":false,"uiSchema":{"type":"string","title":"Name"}},
  {"name":"type","type":"string","allowNull":false},
  {"name":"value","type":"text","hidden":true}
]}
])json";

json::object StampField(std::string_view name) {
  const bool created = name == "createdAt";
  return json::object{
      {"name", name},
      {"type", "date"},
      {"interface", name},
      {"field", name},
      {"uiSchema", json::object{{"type", "datetime"},
                                {"title", created ? "Created at" : "Last updated at"},
                                {"x-component", "DatePicker"},
                                {"x-read-pretty", true}}}};
}

void AddAuthor(json::array& fields, std::string_view name, std::string_view key,
               std::string_view title) {
  fields.emplace_back(json::object{{"name", key}, {"type", "bigInt"}, {"isForeignKey", true}});
  fields.emplace_back(json::object{
      {"name", name},
      {"type", "belongsTo"},
      {"interface", name},
      {"target", "users"},
      {"foreignKey", key},
      {"targetKey", "id"},
      {"uiSchema", json::object{{"type", "object"}, {"title", title}, {"x-read-pretty", true}}}});
}

void Complete(json::object& definition) {
  const bool stamps = FindBool(definition, "stamps"), authors = FindBool(definition, "authors");
  definition.erase("stamps");
  definition.erase("authors");
  json::array& fields = definition.at("fields").as_array();  // only now: erase() moves members
  if (stamps) {
    fields.emplace_back(StampField("createdAt"));
    fields.emplace_back(StampField("updatedAt"));
  }
  if (authors) {
    AddAuthor(fields, "createdBy", "createdById", "Created by");
    AddAuthor(fields, "updatedBy", "updatedById", "Last updated by");
  }
  definition["system"] = true;
  definition["autoGenId"] = false;
  definition["createdAt"] = definition["updatedAt"] = stamps;
  definition["createdBy"] = definition["updatedBy"] = authors;
  definition["uiManageable"] = false;
  definition["origin"] = "@renkei/auth";
}

}  // namespace

std::vector<json::object> AuthSystemCollections() {
  std::vector<json::object> out;
  for (const std::string_view text : {kPeople, kSystem}) {
    auto parsed = ParseJson(text);
    if (!parsed || !parsed->is_array())
      std::abort();  // the text is a constant of this file: only our own mistake gets here
    for (json::value& definition : parsed->get_array()) {
      Complete(definition.as_object());
      out.push_back(std::move(definition.get_object()));
    }
  }
  return out;
}

}  // namespace renkei::auth
