#include "records/write_rows.h"

#include "schema/field_type.h"

namespace renkei::records {
namespace {

Error NotWritable(const schema::Collection& collection) {
  return InvalidArgument("COLLECTION_READ_ONLY", collection.name + " cannot be written",
                         "It is a view or a query; write to the collections behind it");
}

}  // namespace

std::string Written::Json(const Echo& echo) const {
  std::string out = "{";
  AppendRowMembers(out, row, echo);
  for (const auto& [name, text] : extras) {
    if (out.size() > 1) out += ',';
    AppendJsonString(out, name);
    out += ':';
    out += text;
  }
  return out + "}";
}

db::Statement InsertStatement(WriteSession& session, const schema::Collection& collection,
                              const PreparedValues& prepared, bool ignore_conflict) {
  WriteSql sql(session.dialect());
  sql.Text("INSERT INTO ");
  AppendTable(sql, collection);
  if (prepared.columns.empty()) {
    sql.Text(" DEFAULT VALUES");
  } else {
    const char* separator = " (";
    for (const Assignment& assignment : prepared.columns) {
      sql.Text(separator).Name(assignment.field->column);
      separator = ", ";
    }
    separator = ") VALUES (";
    for (const Assignment& assignment : prepared.columns) {
      sql.Text(separator).Param(assignment.value);
      separator = ", ";
    }
    sql.Text(")");
  }
  if (ignore_conflict) sql.Text(" ON CONFLICT DO NOTHING");
  sql.Text(" RETURNING ");
  AppendColumnList(sql, *session.Shape(collection));
  return sql.Take("write_insert");
}

Task<Result<Written>> CreateRow(WriteSession& session, const schema::Collection& collection,
                                const json::object& values, const WriteOptions& options) {
  if (!collection.writable) co_return Fail(NotWritable(collection));
  RK_CO_TRY(prepared,
            PrepareCreate(session.context(), collection, values, options, session.now_ms()));
  Written written;
  RK_CO_CHECK_OK(co_await ResolveOwnKeys(session, collection, prepared, options, written.extras));
  RK_CO_CHECK_OK(co_await FillCreateColumns(session, collection, prepared));
  db::Statement statement = InsertStatement(session, collection, prepared, options.ignore_conflict);
  RK_CO_TRY(rows, co_await session.RunRows(std::move(statement), collection));
  if (rows.empty()) {
    if (options.ignore_conflict) co_return std::move(written);
    co_return Fail(Internal("an insert into " + collection.name + " returned no row"));
  }
  written.row = std::move(rows.front());
  RK_CO_CHECK_OK(co_await AdvanceAutoIncrement(session, collection, prepared, written.row));
  RK_CO_CHECK_OK(
      co_await ReplaceForeignLinks(session, written.row, prepared, options, true, written.extras));
  for (const auto& [field, value] : prepared.virtuals)
    written.extras.emplace_back(field->name, ToJson(*value));
  if (options.journal) session.JournalCreate(written.row);
  co_return std::move(written);
}

}  // namespace renkei::records
