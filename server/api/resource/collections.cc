// collections:* (rest-api.md 9.1, 9.2). Reads are answered from the catalog, without a query.
#include <algorithm>

#include "api/resource/db_views_columns.h"
#include "api/resource/definition_documents.h"
#include "api/resource/meta_actions.h"
#include "api/services.h"
#include "schema/field_type.h"
#include "schema/sql_check.h"
#include "schema/statement_text.h"

namespace renkei::api {
namespace {

bool Appends(const records::Params& params, std::string_view name) {
  const auto asks = [&](const std::vector<std::string>& list) {
    return std::any_of(list.begin(), list.end(), [&](const std::string& path) {
      return path.substr(0, path.find('.')) == name;
    });
  };
  return asks(params.appends) || (params.fields && asks(*params.fields));
}

// Whoever may change collections sees all of them; others those whose rows they may see.
std::vector<const schema::Collection*> Visible(const Call& call, const schema::Catalog& catalog) {
  const records::Context& context = call.context;
  const bool all = !context.enforce_access || context.identity.is_root ||
                   context.rules == nullptr ||
                   context.rules->MayCall(context.identity, "collections", "create");
  std::vector<const schema::Collection*> visible;
  for (const schema::CollectionRef& collection : catalog.all()) {
    if (all || context.rules->Check(context.identity, catalog, *collection, "view").allowed)
      visible.push_back(collection.get());
  }
  return visible;
}

// The categories of each collection that has some.
Task<Result<schema::NameMap<json::array>>> ReadCategories(Call& call,
                                                          const schema::Catalog& catalog) {
  schema::NameMap<json::array> categories;
  const schema::Collection* definition = catalog.Find("collectionCategories");
  if (definition == nullptr) co_return categories;
  std::vector<const schema::Field*> fields;
  schema::StatementText text(call.services.database.dialect(), "collections.categories");
  text.Sql("SELECT l.").Name("collectionName");
  for (const schema::Field& field : definition->fields) {
    if (!field.has_column()) continue;
    fields.push_back(&field);
    text.Sql(", c.").Name(field.column);
  }
  text.Sql(" FROM ")
      .Name("collectionCategory")
      .Sql(" l JOIN ")
      .Name("collectionCategories")
      .Sql(" c ON c.")
      .Name("id")
      .Sql(" = l.")
      .Name("categoryId")
      .Sql(" ORDER BY c.")
      .Name("sort")
      .Sql(", c.")
      .Name("id");
  db::Statement statement = text.Build();
  RK_CO_TRY(rows, co_await call.services.database.ReadOne(
                      std::move(statement), db::ReadCost::kUnbounded, call.context.deadline));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    json::object category;
    for (std::size_t f = 0; f < fields.size(); ++f) {
      std::string value;
      const db::Cell& cell = rows.at(i, f + 1);
      if (cell.is_null()) {
        value = "null";
      } else {
        fields[f]->type->AppendJson(value, cell, *fields[f]);
      }
      auto parsed = ParseJson("[" + value + "]");
      category[fields[f]->name] = parsed ? parsed->get_array().front() : json::value();
    }
    categories[std::string(rows.at(i, 0).view())].push_back(std::move(category));
  }
  co_return categories;
}

Task<Result<std::vector<json::object>>> Documents(Call& call) {
  const schema::CatalogRef catalog = call.services.catalog.Current();
  const bool with_fields = Appends(call.params, "fields"),
             with_category = Appends(call.params, "category");
  schema::NameMap<json::array> categories;
  if (with_category) {
    RK_CO_TRY(read, co_await ReadCategories(call, *catalog));
    categories = std::move(read);
  }
  std::vector<json::object> documents;
  for (const schema::Collection* collection : Visible(call, *catalog)) {
    documents.push_back(CollectionDocument(*collection, with_fields));
    if (!with_category) continue;
    auto found = categories.find(collection->name);
    documents.back()["category"] =
        found == categories.end() ? json::array() : std::move(found->second);
  }
  co_return documents;
}

// The names a request selects by filterByTk or filter; one of them is demanded.
Result<std::vector<std::string>> SelectedNames(const Call& call) {
  if (!call.params.filter_by_tk && !call.params.filter) {
    return Fail(InvalidArgument(
        "FILTER_REQUIRED", "to do " + call.action + " action, filter or filterByTk is required",
        "Pass filterByTk=<name>"));
  }
  std::vector<json::object> documents;
  const schema::CatalogRef catalog = call.services.catalog.Current();
  for (const schema::CollectionRef& collection : catalog->all()) {
    documents.push_back(CollectionDocument(*collection, false));
  }
  RK_TRY(selected, SelectDocuments(std::move(documents), call.params, {"name"}));
  std::vector<std::string> names;
  for (const json::object& document : selected) names.emplace_back(FindString(document, "name"));
  return names;
}

// A view or SQL collection without fields gets those of its columns.
Task<Result<void>> InferFields(Call& call, json::object& body) {
  const std::string_view name = FindString(body, "template");
  const json::value* given = Find(body, "fields");
  const bool has_fields = given != nullptr && given->is_array() && !given->get_array().empty();
  if (has_fields || (name != "view" && name != "sql")) co_return Result<void>();
  PreviewRequest request;
  if (name == "sql") {
    const std::string_view sql = FindString(body, "sql");
    RK_CO_CHECK_OK(schema::CheckSelect(sql));
    request.select = schema::WithoutSemicolon(sql);
    request.tables = schema::ReferencedTables(sql);
  } else {
    const db::Dialect& dialect = call.services.database.dialect();
    const std::string_view schema_name = FindString(body, "schema");
    request.select = "SELECT * FROM ";
    if (!schema_name.empty() && dialect.has_schemas()) {
      dialect.AppendIdentifier(request.select, schema_name);
      request.select += '.';
    }
    dialect.AppendIdentifier(request.select,
                             FindString(body, "viewName", FindString(body, "name")));
  }
  schema::CatalogRef catalog = call.services.catalog.Current();
  RK_CO_TRY(preview, co_await RunPreview(call.services.database, std::move(catalog),
                                         std::move(request), call.context.deadline));
  json::array fields;
  for (auto& member : preview.fields) fields.push_back(std::move(member.value()));
  body["fields"] = std::move(fields);
  co_return Result<void>();
}

json::value AnswerFor(const Call& call, std::string_view name, bool with_fields) {
  const schema::Collection* collection = nullptr;
  const schema::CatalogRef catalog = call.services.catalog.Current();
  collection = catalog->Find(name);
  return collection == nullptr ? json::value()
                               : json::value(CollectionDocument(*collection, with_fields));
}

}  // namespace

Task<Result<records::Output>> CollectionsList(Call& call) {
  RK_CO_TRY(documents, co_await Documents(call));
  // The catalog's own order: system collections first, then by `sort`.
  co_return ListDocuments(std::move(documents), call.params, {});
}

Task<Result<records::Output>> CollectionsListMeta(Call& call) {
  const schema::CatalogRef catalog = call.services.catalog.Current();
  records::Output output;
  output.data = "[";
  for (const schema::Collection* collection : Visible(call, *catalog)) {
    if (output.data.size() > 1) output.data.push_back(',');
    AppendJson(output.data, CollectionDocument(*collection, true));
  }
  output.data.push_back(']');
  co_return output;
}

Task<Result<records::Output>> CollectionsGet(Call& call) {
  RK_CO_TRY(documents, co_await Documents(call));
  RK_CO_TRY(selected, SelectDocuments(std::move(documents), call.params, {"name"}));
  if (selected.empty()) co_return Answer(nullptr);
  PickMembers(selected.front(), call.params);
  co_return Answer(selected.front());
}

Task<Result<records::Output>> CollectionsCreate(Call& call) {
  RK_CO_TRY(body, DefinitionBody(call));
  RK_CO_CHECK_OK(co_await InferFields(call, body));
  SchemaChange change = [&](SchemaEditor& editor) -> Task<Result<std::string>> {
    json::object copy = body;
    co_return co_await editor.CreateCollection(std::move(copy));
  };
  RK_CO_TRY(name, co_await ChangeSchema(call, std::move(change)));
  co_return Answer(AnswerFor(call, name, true));
}

Task<Result<records::Output>> CollectionsUpdate(Call& call) {
  RK_CO_TRY(body, DefinitionBody(call));
  RK_CO_TRY(names, SelectedNames(call));
  SchemaChange change = [&](SchemaEditor& editor) -> Task<Result<std::string>> {
    for (const std::string& name : names) {
      json::object copy = body;
      RK_CO_CHECK_OK(co_await editor.UpdateCollection(name, std::move(copy)));
    }
    co_return names.empty() ? std::string() : names.front();
  };
  RK_CO_CHECK_OK(co_await ChangeSchema(call, std::move(change)));
  json::array answer;
  for (const std::string& name : names) answer.push_back(AnswerFor(call, name, false));
  co_return Answer(answer);
}

Task<Result<records::Output>> CollectionsDestroy(Call& call) {
  RK_CO_TRY(names, SelectedNames(call));
  const bool cascade = Parameter(call, "cascade") == "true";
  std::int64_t count = 0;
  SchemaChange change = [&](SchemaEditor& editor) -> Task<Result<std::string>> {
    count = 0;
    for (const std::string& name : names) {
      RK_CO_TRY(gone, co_await editor.DestroyCollection(name, cascade));
      count += gone ? 1 : 0;
    }
    co_return names.empty() ? std::string() : names.front();
  };
  RK_CO_CHECK_OK(co_await ChangeSchema(call, std::move(change)));
  co_return Answer(count);
}

Task<Result<records::Output>> CollectionsMove(Call& call) {
  const std::string source = Parameter(call, "sourceId");
  std::string target = Parameter(call, "targetId");
  const std::string method = Parameter(call, "method");
  if (Parameter(call, "sticky") == "true") target.clear();
  if (source.empty())
    co_return Fail(InvalidArgument("PARAMETER_REQUIRED", "sourceId is required", {}, "sourceId"));
  SchemaChange change = [&](SchemaEditor& editor) -> Task<Result<std::string>> {
    RK_CO_CHECK_OK(co_await editor.MoveCollection(source, target, method));
    co_return source;
  };
  RK_CO_CHECK_OK(co_await ChangeSchema(call, std::move(change)));
  co_return Answer("ok");
}

Task<Result<records::Output>> CollectionsSetFields(Call& call) {
  RK_CO_TRY(body, DefinitionBody(call));
  RK_CO_TRY(names, SelectedNames(call));
  json::value* fields = body.if_contains("fields");
  if (names.size() != 1)
    co_return Fail(NotFound("COLLECTION_NOT_FOUND", "There is no such collection"));
  if (fields == nullptr || !fields->is_array()) {
    co_return Fail(InvalidArgument("PARAMETER_REQUIRED", "fields must be a list", {}, "fields"));
  }
  SchemaChange change = [&](SchemaEditor& editor) -> Task<Result<std::string>> {
    json::array copy = fields->get_array();
    RK_CO_CHECK_OK(co_await editor.SetFields(names.front(), std::move(copy), true));
    co_return names.front();
  };
  RK_CO_CHECK_OK(co_await ChangeSchema(call, std::move(change)));
  co_return Answer(AnswerFor(call, names.front(), true));
}

}  // namespace renkei::api
