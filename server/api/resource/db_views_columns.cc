#include "api/resource/db_views_columns.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/resource/field_interfaces.h"
#include "base/text.h"
#include "schema/field_type.h"
#include "schema/statement_text.h"

namespace renkei::api {
namespace {

using schema::StatementText;

struct RawTypes {
  std::string_view prefix;
  std::vector<std::string_view> types;
};

// Longest prefix first where one begins with another.
const std::vector<RawTypes>& RawTable() {
  static const std::vector<RawTypes> table = {
      {"timestamp without", {"datetimeNoTz"}},
      {"timestamp with", {"datetimeTz", "date"}},
      {"timestamptz", {"datetimeTz", "date"}},
      {"timestamp", {"datetimeNoTz"}},
      {"datetime", {"datetimeNoTz"}},
      {"date", {"dateOnly"}},
      {"time", {"time"}},
      {"character", {"string", "uuid", "nanoid", "encryption", "datetimeNoTz"}},
      {"varchar", {"string", "uuid", "nanoid", "encryption", "datetimeNoTz"}},
      {"char", {"string", "uuid", "nanoid"}},
      {"text", {"text", "string"}},
      {"bigint", {"bigInt", "unixTimestamp", "snowflakeId", "sort"}},
      {"int8", {"bigInt", "unixTimestamp", "snowflakeId", "sort"}},
      {"smallint", {"integer", "unixTimestamp", "sort"}},
      {"integer", {"integer", "unixTimestamp", "sort"}},
      {"int", {"integer", "unixTimestamp", "sort"}},
      {"numeric", {"decimal", "double"}},
      {"decimal", {"decimal", "double"}},
      {"double", {"double", "float"}},
      {"float", {"double", "float"}},
      {"real", {"real", "float", "double"}},
      {"boolean", {"boolean"}},
      {"bool", {"boolean"}},
      {"jsonb", {"jsonb", "json", "array"}},
      {"json", {"json", "jsonb", "array"}},
      {"uuid", {"uuid"}},
      {"bytea", {"blob"}},
      {"blob", {"blob"}},
      {"point", {"point"}},
      {"path", {"lineString"}},
      {"polygon", {"polygon"}},
      {"circle", {"circle"}},
  };
  return table;
}

std::string_view InterfaceFor(std::string_view type) {
  if (type == "string") return "input";
  if (type == "text") return "textarea";
  if (type == "bigInt" || type == "integer") return "integer";
  if (type == "double" || type == "decimal" || type == "float" || type == "real") return "number";
  if (type == "boolean") return "checkbox";
  if (type == "datetimeTz") return "datetime";
  if (type == "dateOnly") return "date";
  if (type == "jsonb" || type == "array") return "json";
  return FindFieldInterface(type) == nullptr ? std::string_view("input") : type;
}

// A field of one of the tables that has the column's name: the view most likely shows it.
const schema::Field* SourceOf(const schema::Catalog& catalog,
                              const std::vector<std::string>& tables, std::string_view column,
                              const schema::Collection*& owner) {
  for (const schema::CollectionRef& collection : catalog.all()) {
    if (std::find(tables.begin(), tables.end(), collection->table) == tables.end()) continue;
    for (const schema::Field& field : collection->fields) {
      if (field.column != column || field.implicit || field.type == nullptr) continue;
      owner = collection.get();
      return &field;
    }
  }
  return nullptr;
}

std::string_view RawTypeOf(const db::Cell& cell) {
  switch (cell.kind) {
    case db::Cell::Kind::kInt:
      return "bigint";
    case db::Cell::Kind::kDouble:
      return "double";
    case db::Cell::Kind::kBlob:
      return "blob";
    default:
      return "text";
  }
}

json::value CellValue(const db::Cell& cell) {
  switch (cell.kind) {
    case db::Cell::Kind::kNull:
      return nullptr;
    case db::Cell::Kind::kInt:
      return cell.integer;
    case db::Cell::Kind::kDouble:
      return cell.real;
    case db::Cell::Kind::kBlob:
      return json::value(Base64Encode(cell.view()));
    case db::Cell::Kind::kText:
      break;
  }
  return json::value(std::string_view(cell.view()));
}

// Hashes are of no use to anyone who looks at a view.
bool IsSecretColumn(std::string_view name) { return ToLowerAscii(name) == "password"; }

}  // namespace

std::vector<std::string_view> TypesForColumn(std::string_view raw_type) {
  const std::string raw = ToLowerAscii(raw_type);
  if (raw.size() > 2 && raw.substr(raw.size() - 2) == "[]") return {"array", "set"};
  for (const RawTypes& known : RawTable()) {
    if (raw.compare(0, known.prefix.size(), known.prefix) == 0) return known.types;
  }
  return {};
}

json::object FieldForColumn(std::string_view column, std::string_view raw_type) {
  std::vector<std::string_view> types = TypesForColumn(raw_type);
  json::object field;
  const std::string raw = ToLowerAscii(raw_type);
  field["field"] = column;
  std::string name(column);
  std::replace(name.begin(), name.end(), '.', '_');
  field["name"] = name;
  field["rawType"] = raw;
  json::array possible;
  for (const std::string_view type : types) possible.emplace_back(type);
  field["possibleTypes"] = std::move(possible);
  field["type"] = types.empty() ? std::string_view("text") : types.front();
  field["interface"] = InterfaceFor(types.empty() ? std::string_view("text") : types.front());
  if (raw.size() > 2 && raw.substr(raw.size() - 2) == "[]") {
    field["dataType"] = "array";
    field["elementType"] =
        raw.compare(0, 3, "int") == 0 || raw.compare(0, 6, "bigint") == 0 ? "bigInt" : "string";
    field["interface"] = "json";
  }
  return field;
}

Task<Result<Preview>> RunPreview(db::Database& database, schema::CatalogRef catalog,
                                 PreviewRequest request, Deadline deadline) {
  const db::Dialect& dialect = database.dialect();
  Preview preview;
  db::TransactionBody body = [&](db::Connection& connection) -> Task<Result<void>> {
    preview = Preview();
    std::vector<std::string> raw_types;
    db::Statement select =
        StatementText(dialect, "preview.rows")
            .Sql("SELECT * FROM (")
            .Sql(request.select)
            .Sql(fmt::format(") rk_row LIMIT {} OFFSET {}", request.limit, request.offset))
            .Build();
    RK_CO_TRY(rows, co_await connection.Run(std::move(select)));
    const std::vector<std::string> names = rows.names();
    if (dialect.has_schemas()) {
      // Every cell is text there; the database itself knows what is a number.
      StatementText types(dialect, "preview.types");
      types.Sql("SELECT ");
      for (std::size_t i = 0; i < names.size(); ++i)
        types.Sql(i > 0 ? ", " : "").Sql("pg_typeof(rk_row.").Name(names[i]).Sql(")::text");
      types.Sql(" FROM (SELECT 1) rk_one LEFT JOIN (SELECT * FROM (")
          .Sql(request.select)
          .Sql(") rk_all LIMIT 0) rk_row ON true");
      db::Statement statement = types.Build();
      RK_CO_TRY(found, co_await connection.Run(std::move(statement)));
      for (std::size_t i = 0; i < names.size(); ++i) raw_types.emplace_back(found.at(0, i).view());
      db::Statement as_json = StatementText(dialect, "preview.json")
                                  .Sql("SELECT row_to_json(rk_row) FROM (SELECT * FROM (")
                                  .Sql(request.select)
                                  .Sql(fmt::format(") rk_all LIMIT {} OFFSET {}) rk_row",
                                                   request.limit, request.offset))
                                  .Build();
      RK_CO_TRY(documents, co_await connection.Run(std::move(as_json)));
      for (std::size_t i = 0; i < documents.size(); ++i) {
        RK_CO_TRY(row, ParseJson(documents.at(i, 0).view()));
        for (const std::string& name : names) {
          if (IsSecretColumn(name)) row.get_object().erase(name);
        }
        preview.rows.push_back(std::move(row));
      }
    } else {
      for (std::size_t c = 0; c < names.size(); ++c) {
        std::string_view raw = "text";
        for (std::size_t i = 0; i < rows.size(); ++i) {
          if (!rows.at(i, c).is_null()) raw = RawTypeOf(rows.at(i, c));
        }
        raw_types.emplace_back(raw);
      }
      for (std::size_t i = 0; i < rows.size(); ++i) {
        json::object row;
        for (std::size_t c = 0; c < names.size(); ++c) {
          if (!IsSecretColumn(names[c])) row[names[c]] = CellValue(rows.at(i, c));
        }
        preview.rows.push_back(std::move(row));
      }
    }
    for (std::size_t c = 0; c < names.size(); ++c) {
      if (IsSecretColumn(names[c])) continue;
      json::object field = FieldForColumn(names[c], raw_types[c]);
      const schema::Collection* owner = nullptr;
      if (const schema::Field* source = SourceOf(*catalog, request.tables, names[c], owner)) {
        field["type"] = source->type->name();
        field["interface"] =
            source->interface.empty() ? InterfaceFor(source->type->name()) : source->interface;
        if (const json::value* ui = Find(source->options, "uiSchema")) field["uiSchema"] = *ui;
        field["source"] = owner->name + "." + source->name;
      }
      preview.fields[names[c]] = std::move(field);
    }
    co_return Result<void>();
  };
  RK_CO_CHECK_OK(co_await database.ReadSession(std::move(body), deadline));
  for (const schema::CollectionRef& collection : catalog->all()) {
    if (std::find(request.tables.begin(), request.tables.end(), collection->table) !=
        request.tables.end()) {
      preview.sources.push_back(collection->name);
    }
  }
  co_return preview;
}

}  // namespace renkei::api
