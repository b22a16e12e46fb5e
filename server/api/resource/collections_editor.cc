#include "api/resource/collections_editor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "api/resource/field_interfaces.h"
#include "base/id.h"
#include "base/text.h"
#include "schema/ddl.h"
#include "schema/definition_row.h"
#include "schema/field_type.h"
#include "schema/link.h"
#include "schema/parse_definition.h"
#include "schema/sql_check.h"
#include "schema/statement_text.h"

namespace renkei::api {
namespace {

using schema::StatementText;

// Addresses that are not records (rest-api.md 2, design.md): a collection of that name could never
// be reached.
constexpr std::array<std::string_view, 30> kReservedNames = {"collections",
                                                             "fields",
                                                             "auth",
                                                             "app",
                                                             "pm",
                                                             "swagger",
                                                             "dataSources",
                                                             "dataSourcesCollections",
                                                             "dbViews",
                                                             "sqlCollection",
                                                             "mainDataSource",
                                                             "availableActions",
                                                             "webhooks",
                                                             "apiKeys",
                                                             "environmentVariables",
                                                             "customVariables",
                                                             "asyncTasks",
                                                             "charts",
                                                             "sessions",
                                                             "audit_log",
                                                             "outbox",
                                                             "schema_migrations",
                                                             "audit",
                                                             "health",
                                                             "api",
                                                             "connectors",
                                                             "credentials",
                                                             "setup",
                                                             "explain",
                                                             "settings"};

Error Exists(std::string_view name) {
  return InvalidArgument("COLLECTION_EXISTS",
                         fmt::format("Collection named {} already exists", name),
                         "Choose another name", "name");
}

void FillTreeFields(json::object& body) {
  json::array& fields = body["fields"].get_array();
  const std::string name(FindString(body, "name"));
  const auto has = [&](std::string_view wanted) {
    return std::any_of(fields.begin(), fields.end(), [&](const json::value& field) {
      return field.is_object() && FindString(field.get_object(), "name") == wanted;
    });
  };
  const auto add = [&](json::object definition) { fields.push_back(std::move(definition)); };
  if (!has("parentId")) {
    add({{"name", "parentId"},
         {"type", "bigInt"},
         {"interface", "integer"},
         {"isForeignKey", true},
         {"target", name}});
  }
  if (!has("parent")) {
    add({{"name", "parent"},
         {"type", "belongsTo"},
         {"interface", "m2o"},
         {"treeParent", true},
         {"target", name},
         {"foreignKey", "parentId"},
         {"targetKey", "id"},
         {"onDelete", "CASCADE"}});
  }
  if (!has("children")) {
    add({{"name", "children"},
         {"type", "hasMany"},
         {"interface", "o2m"},
         {"treeChildren", true},
         {"target", name},
         {"foreignKey", "parentId"},
         {"sourceKey", "id"},
         {"targetKey", "id"},
         {"onDelete", "CASCADE"}});
  }
}

bool IsTree(const json::object& body) {
  const json::value* tree = Find(body, "tree");
  return tree != nullptr && ((tree->is_string() && !tree->get_string().empty()) ||
                             (tree->is_bool() && tree->get_bool()));
}

// What the wire leaves out, as the answer shows it.
void FillDefaults(json::object& body) {
  if (!body["fields"].is_array()) body["fields"] = json::array();
  if (FindString(body, "template").empty()) body["template"] = "general";
  if (Find(body, "autoGenId") == nullptr) body["autoGenId"] = true;
  for (const std::string_view flag : {"inherit", "hidden"}) {
    if (const json::value* given = Find(body, flag); given == nullptr || !given->is_bool())
      body[flag] = false;
  }
  for (const std::string_view member : {"title", "description"}) {
    if (Find(body, member) == nullptr) body[member] = nullptr;
  }
  for (const std::string_view stamp : {"createdAt", "createdBy", "updatedAt", "updatedBy"}) {
    const json::value* given = Find(body, stamp);
    if (given != nullptr && given->is_bool()) continue;
    const json::array& fields = body["fields"].get_array();
    body[stamp] = std::any_of(fields.begin(), fields.end(), [&](const json::value& field) {
      return field.is_object() && FindString(field.get_object(), "name") == stamp;
    });
  }
  for (const std::string_view derived : {"system", "unavailableActions", "key", "sort"})
    body.erase(derived);
}

Result<void> CheckKeys(const schema::Collection& collection) {
  for (const schema::Field& field : collection.fields) {
    if (!field.auto_increment || field.inherited) continue;
    if (field.primary_key && collection.primary_key.size() == 1) continue;
    return Fail(InvalidArgument(
        "INVALID_FIELD_OPTION",
        fmt::format("Field '{}': only a single primary key can count by itself", field.name),
        "Leave out autoIncrement, or use a field of type sequence", field.name));
  }
  for (const std::string& key : collection.filter_target_key) {
    if (collection.FindField(key) == nullptr) {
      return Fail(InvalidArgument("INVALID_TARGET_KEY",
                                  fmt::format("filterTargetKey: there is no field '{}'", key), {},
                                  "filterTargetKey"));
    }
  }
  return {};
}

}  // namespace

bool SchemaEditor::Draft::declares(std::string_view field) const {
  const schema::Field* found = parsed.FindField(field);
  return found != nullptr && !found->implicit;
}

SchemaEditor::SchemaEditor(db::Connection& connection, const db::Database& database,
                           schema::CatalogRef catalog)
    : connection_(connection),
      database_(database),
      dialect_(database.dialect()),
      catalog_(std::move(catalog)) {}

SchemaEditor::~SchemaEditor() = default;

SchemaEditor::Draft* SchemaEditor::Find(std::string_view name) {
  if (auto found = drafts_.find(name); found != drafts_.end()) return found->second.get();
  const schema::Collection* known = catalog_->Find(name);
  if (known == nullptr) return nullptr;
  auto draft = std::make_unique<Draft>();
  draft->parsed = *known;
  return drafts_.emplace(std::string(name), std::move(draft)).first->second.get();
}

const schema::Collection* SchemaEditor::FindParsed(std::string_view name) {
  if (auto found = drafts_.find(name); found != drafts_.end()) {
    return found->second == nullptr ? nullptr : &found->second->parsed;
  }
  return catalog_->Find(name);
}

Task<Result<void>> SchemaEditor::Run(db::Statement statement) {
  RK_CO_CHECK_OK(co_await connection_.Run(std::move(statement)));
  co_return Result<void>();
}

Task<Result<void>> SchemaEditor::RunAll(std::vector<db::Statement> statements) {
  for (db::Statement& statement : statements)
    RK_CO_CHECK_OK(co_await connection_.Run(std::move(statement)));
  co_return Result<void>();
}

Task<Result<std::int64_t>> SchemaEditor::ScalarOf(db::Statement statement) {
  RK_CO_TRY(rows, co_await connection_.Run(std::move(statement)));
  co_return rows.empty() ? 0 : rows.at(0, 0).ToInt();
}

Result<void> SchemaEditor::CheckNewCollection(const json::object& body) {
  const std::string_view name = FindString(body, "name");
  RK_CHECK_OK(schema::CheckCollectionName(name));
  const bool taken =
      FindParsed(name) != nullptr ||
      std::find(kReservedNames.begin(), kReservedNames.end(), name) != kReservedNames.end();
  if (taken) return Fail(Exists(name));
  if (body.at("fields").get_array().size() > schema::kMaxFields) {
    return Fail(InvalidArgument(
        "TOO_MANY_FIELDS", fmt::format("A collection holds at most {} fields", schema::kMaxFields),
        {}, "fields"));
  }
  if (FindString(body, "template") == "sql" || !FindString(body, "sql").empty()) {
    RK_CHECK_OK(schema::CheckSelect(FindString(body, "sql")));
  }
  const json::value* parents = renkei::Find(body, "inherits");
  const bool inherits =
      parents != nullptr && ((parents->is_array() && !parents->get_array().empty()) ||
                             (parents->is_string() && !parents->get_string().empty()));
  if (inherits && !dialect_.has_inheritance()) {
    return Fail(InvalidArgument("INHERITANCE_UNSUPPORTED", "This database has no inherited tables",
                                "Run on PostgreSQL, or link the collections by an association",
                                "inherits"));
  }
  return {};
}

Task<Result<std::string>> SchemaEditor::CreateCollection(json::object body) {
  if (const json::value* name = renkei::Find(body, "name");
      name == nullptr || name->is_null() || *name == "") {
    body["name"] = "t_" + RandomUid();
  }
  FillDefaults(body);
  RK_CO_CHECK_OK(CheckNewCollection(body));
  const std::string name(FindString(body, "name"));
  if (IsTree(body)) FillTreeFields(body);

  // The draft grows field by field: completing an association may look at the keys before it.
  json::array given = std::move(body["fields"].get_array());
  body["fields"] = json::array();
  body["key"] = RandomUid();
  auto created = std::make_unique<Draft>();
  created->parsed.name = name;
  Draft& draft = *created;
  drafts_[name] = std::move(created);
  touched_.insert(name);

  std::vector<json::object> reverses;
  json::array& fields = body["fields"].get_array();
  for (json::value& item : given) {
    if (!item.is_object())
      co_return Fail(InvalidArgument("INVALID_FIELD", "A field must be an object", {}, "fields"));
    json::object definition = std::move(item.get_object());
    RK_CO_CHECK_OK(NormalizeField(definition, draft.parsed));
    definition["sort"] = static_cast<std::int64_t>(fields.size() + 1);
    definition["collectionName"] = name;
    fields.push_back(std::move(definition));
    RK_CO_TRY(field, schema::ParseField(fields.back().get_object(), name));
    if (!field.relation) {
      draft.parsed.fields.push_back(std::move(field));
      schema::IndexFields(draft.parsed);
    }
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    json::object& definition = fields[i].get_object();
    for (std::size_t j = 0; j < i; ++j) {
      if (FindString(fields[j].get_object(), "name") != FindString(definition, "name")) continue;
      co_return Fail(
          InvalidArgument("FIELD_EXISTS",
                          fmt::format("Field name \"{}\" already exists in collection \"{}\"",
                                      FindString(definition, "name"), name),
                          "Give each field a name of its own", "fields"));
    }
    json::object reverse;
    if (json::value* found = definition.if_contains("reverseField");
        found != nullptr && found->is_object()) {
      reverse = found->get_object();
    }
    definition.erase("reverseField");
    reverses.push_back(std::move(reverse));
    RK_CO_CHECK_OK(CompleteRelation(definition, draft.parsed));
  }
  RK_CO_TRY(parsed, schema::ParseCollection(body));
  draft.parsed = std::move(parsed);
  RK_CO_CHECK_OK(co_await CreateStorage(draft));

  db::Statement next = StatementText(dialect_, "schema.next_sort")
                           .Sql("SELECT COALESCE(MAX(")
                           .Name("sort")
                           .Sql("), 0) + 1 FROM ")
                           .Name("collections")
                           .Build();
  RK_CO_TRY(sort, co_await ScalarOf(std::move(next)));
  body["sort"] = sort;
  draft.parsed.options["sort"] = sort;
  auto saved = co_await Run(schema::SaveCollectionRow(dialect_, body));
  if (!saved && saved.error().code == "UNIQUE_VIOLATION")
    co_return Fail(Exists(name));  // another was faster
  if (!saved) co_return Fail(std::move(saved).error());
  for (const json::value& field : fields) {
    RK_CO_CHECK_OK(co_await Run(schema::SaveFieldRow(dialect_, field.get_object())));
  }
  if (const json::value* category = renkei::Find(body, "category"); category != nullptr) {
    RK_CO_CHECK_OK(co_await SetCategories(name, *category));
  }
  RK_CO_CHECK_OK(co_await CreateKeysElsewhere(name));
  for (std::size_t i = 0; i < reverses.size(); ++i) {
    if (reverses[i].empty()) continue;
    std::string field(FindString(fields[i].get_object(), "name"));
    RK_CO_CHECK_OK(co_await CreateReverse(name, std::move(field), std::move(reverses[i])));
  }
  co_return name;
}

// The table with all columns, those of its own associations' foreign keys included.
Task<Result<void>> SchemaEditor::CreateStorage(Draft& draft) {
  schema::Collection& collection = draft.parsed;
  std::vector<const schema::Collection*> parents;
  for (const std::string& name : collection.inherits) {
    const schema::Collection* parent = FindParsed(name);
    if (parent == nullptr || parent->kind != schema::CollectionKind::kTable) {
      co_return Fail(InvalidArgument(
          "COLLECTION_NOT_FOUND", fmt::format("There is no collection '{}' to inherit from", name),
          {}, "inherits"));
    }
    parents.push_back(parent);
  }
  // The same completion as in the catalog, over the few collections that take part.
  std::vector<schema::LinkedCollection> linked;
  std::set<std::string_view> seen = {collection.name};
  const auto share = [&](const schema::Collection* other) {
    if (other == nullptr || !seen.insert(other->name).second) return;
    schema::LinkedCollection entry;
    entry.base = std::make_shared<schema::Collection>(*other);
    linked.push_back(std::move(entry));
  };
  linked.emplace_back().base = std::make_shared<schema::Collection>(collection);
  for (const schema::Collection* parent : parents) share(parent);
  for (const schema::Field& field : collection.fields) {
    if (field.relation) share(FindParsed(field.relation->target));
  }
  // Associations that already point here, from a time before this collection, need their keys too.
  for (const schema::CollectionRef& other : catalog_->all()) {
    const bool points_here =
        std::any_of(other->fields.begin(), other->fields.end(), [&](const schema::Field& field) {
          return field.relation && (field.relation->target == collection.name ||
                                    field.relation->through == collection.name);
        });
    if (points_here) share(FindParsed(other->name));
  }
  schema::Link(linked);
  collection = *linked.front().linked;
  RK_CO_CHECK_OK(CheckKeys(collection));

  if (collection.kind == schema::CollectionKind::kSql) co_return Result<void>();
  if (collection.kind == schema::CollectionKind::kView) {
    if (!collection.schema_name.empty() && dialect_.has_schemas()) co_return Result<void>();
    RK_CO_TRY(columns, co_await schema::ReadColumns(connection_, dialect_, collection.table));
    if (!columns.empty()) co_return Result<void>();
    co_return Fail(InvalidArgument(
        "VIEW_NOT_FOUND", fmt::format("There is no view '{}' in the database", collection.table),
        "Create the view first, see dbViews:list", "viewName"));
  }
  RK_CO_TRY(exists, co_await schema::RelationExists(connection_, dialect_, collection.table));
  if (exists) co_return Fail(Exists(collection.name));
  co_return co_await RunAll(schema::CreateTableStatements(database_, collection, parents));
}

// Columns that associations of the new collection need in other tables, and missing through
// collections.
Task<Result<void>> SchemaEditor::CreateKeysElsewhere(std::string collection) {
  std::vector<json::object> relations;
  for (const schema::Field& field : FindParsed(collection)->fields) {
    if (field.relation && !field.inherited) relations.push_back(field.options);
  }
  for (json::object& relation : relations) {
    RK_CO_CHECK_OK(co_await CreateKeys(collection, std::move(relation), KeyField::kColumnOnly));
  }
  co_return Result<void>();
}

Task<Result<bool>> SchemaEditor::UpdateCollection(std::string name, json::object changes) {
  const schema::Collection* known = FindParsed(name);
  if (known == nullptr) co_return false;
  db::Statement select = schema::SelectCollectionRows(dialect_, std::vector<std::string>(1, name));
  RK_CO_TRY(rows, co_await connection_.Run(std::move(select)));
  json::object definition = rows.empty() ? known->options : schema::ReadCollectionRow(rows, 0);
  // The name is the address; the others describe what exists and are not the client's to say.
  for (const std::string_view fixed :
       {"name", "key", "system", "unavailableActions", "sort", "inherits", "tree", "autoGenId"}) {
    changes.erase(fixed);
  }
  if (known->system) changes.erase("template");
  json::value fields = nullptr, category = nullptr;
  bool has_category = false;
  if (json::value* given = changes.if_contains("fields")) fields = std::move(*given);
  if (json::value* given = changes.if_contains("category")) {
    category = std::move(*given);
    has_category = true;
  }
  changes.erase("fields");
  changes.erase("category");
  if (const json::value* sql = renkei::Find(changes, "sql"); sql != nullptr && sql->is_string()) {
    RK_CO_CHECK_OK(schema::CheckSelect(View(sql->get_string())));
  }
  for (auto& member : changes) definition[member.key()] = std::move(member.value());

  schema::Collection check = *known;
  check.options = definition;
  schema::IndexFields(check);
  RK_CO_CHECK_OK(CheckKeys(check));
  touched_.insert(name);
  RK_CO_CHECK_OK(co_await Run(schema::SaveCollectionRow(dialect_, definition)));
  if (has_category) RK_CO_CHECK_OK(co_await SetCategories(name, std::move(category)));
  if (fields.is_array())
    RK_CO_CHECK_OK(co_await SetFields(name, std::move(fields.get_array()), false));
  // sortable switched on later: the hidden column has to come with it.
  if (Draft* draft = Find(name);
      draft != nullptr && draft->parsed.kind == schema::CollectionKind::kTable) {
    json::object whole = definition;
    json::array items;
    for (const schema::Field& field : draft->parsed.fields) {
      if (!field.implicit && !field.inherited) items.push_back(field.options);
    }
    whole["fields"] = std::move(items);
    RK_CO_TRY(parsed, schema::ParseCollection(whole));
    for (schema::Field& field : parsed.fields) {
      if (!field.implicit || field.primary_key || draft->parsed.FindField(field.name) != nullptr)
        continue;
      RK_CO_CHECK_OK(co_await AddColumn(*draft, field));
    }
  }
  co_return true;
}

// `categories`: ids or objects with `id`; replaces the links.
Task<Result<void>> SchemaEditor::SetCategories(std::string collection, json::value categories) {
  db::Statement clear = StatementText(dialect_, "schema.delete_categories")
                            .Sql("DELETE FROM ")
                            .Name("collectionCategory")
                            .Sql(" WHERE ")
                            .Equals("collectionName", db::Value::Text(collection))
                            .Build();
  RK_CO_CHECK_OK(co_await Run(std::move(clear)));
  if (!categories.is_array()) co_return Result<void>();
  const std::string now = IsoUtc(NowMs());
  for (const json::value& item : categories.get_array()) {
    const json::value* id = item.is_object() ? renkei::Find(item, "id") : &item;
    const json::object holder = {{"id", id == nullptr ? json::value() : *id}};
    std::int64_t key = FindInt(holder, "id");
    if (key == 0 && id != nullptr && id->is_string())
      key = std::strtoll(id->get_string().c_str(), nullptr, 10);
    if (key == 0)
      co_return Fail(
          InvalidArgument("INVALID_VALUE", "category: invalid value", "A list of ids", "category"));
    db::Statement insert = StatementText(dialect_, "schema.link_category")
                               .Sql("INSERT INTO ")
                               .Name("collectionCategory")
                               .Sql(" (")
                               .Names({"collectionName", "categoryId", "createdAt", "updatedAt"})
                               .Sql(") VALUES (")
                               .Param(db::Value::Text(collection))
                               .Sql(", ")
                               .Param(db::Value::Int(key))
                               .Sql(", ")
                               .Param(db::Value::Text(now))
                               .Sql(", ")
                               .Param(db::Value::Text(now))
                               .Sql(") ON CONFLICT DO NOTHING")
                               .Build();
    RK_CO_CHECK_OK(co_await Run(std::move(insert)));
  }
  co_return Result<void>();
}

Task<Result<void>> SchemaEditor::MoveCollection(std::string source, std::string target,
                                                std::string method) {
  db::Statement select = schema::SelectCollectionRows(dialect_, std::nullopt);
  RK_CO_TRY(rows, co_await connection_.Run(std::move(select)));
  std::vector<json::object> definitions;
  for (std::size_t i = 0; i < rows.size(); ++i)
    definitions.push_back(schema::ReadCollectionRow(rows, i));
  const std::vector<std::size_t> order = MovedOrder(definitions, source, target, method);
  for (std::size_t place = 0; place < order.size(); ++place) {
    json::object& definition = definitions[order[place]];
    if (FindInt(definition, "sort") == static_cast<std::int64_t>(place + 1)) continue;
    definition["sort"] = static_cast<std::int64_t>(place + 1);
    RK_CO_CHECK_OK(co_await Run(schema::SaveCollectionRow(dialect_, definition)));
    touched_.insert(std::string(FindString(definition, "name")));
  }
  co_return Result<void>();
}

}  // namespace renkei::api
