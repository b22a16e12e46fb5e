#include "api/explain.h"

namespace renkei::api {
namespace {

double Milliseconds(std::chrono::nanoseconds took) { return std::chrono::duration<double, std::milli>(took).count(); }

json::object AccessOf(const Call& call) {
  json::object access{{"role", call.context.identity.current_role}};
  if (call.collection == nullptr) return access;
  const access::Permission permission =
      call.context.Check(*call.collection, access::AccessRules::FoldAction(call.action));
  access["allowed"] = permission.allowed;
  access["rowScope"] = permission.filter ? *permission.filter : json::value(nullptr);
  access["fields"] = permission.fields ? json::value_from(*permission.fields) : json::value(nullptr);
  return access;
}

}  // namespace

std::string ExplainJson(const Call& call, const db::ExplainingDatabase& database) {
  json::array statements;
  for (const db::ExplainedStatement& statement : database.statements()) {
    statements.push_back(json::object{{"name", statement.name},
                                      {"where", statement.where},
                                      {"sql", statement.sql},
                                      {"parameters", statement.params},
                                      {"rows", statement.rows},
                                      {"ms", Milliseconds(statement.took)}});
  }
  return ToJson(json::object{{"resource", call.resource}, {"action", call.action}, {"access", AccessOf(call)}, {"statements", std::move(statements)}});
}

}  // namespace renkei::api
