// Columns that depend on other rows: sort numbers, sequences, radio, the rules of trees; and
// formulas, which depend on the other columns and so come last.
#include <algorithm>

#include "records/sequence_pattern.h"
#include "records/write_rows.h"
#include "schema/field_type.h"

namespace renkei::records {
namespace {

std::string TextOf(const db::Value& value) { return BorrowCell(value).ToText(); }

// "2026-01-02T03:04:05.678Z", or only its day; nullopt for anything else.
std::optional<std::int64_t> InstantOf(const json::value& value) {
  if (!value.is_string()) return std::nullopt;
  const std::string_view text = View(value.get_string());
  CivilTime civil;
  const auto digits = [&](std::size_t at, std::size_t count, int& out) {
    if (text.size() < at + count) return false;
    out = 0;
    for (char c : text.substr(at, count)) {
      if (c < '0' || c > '9') return false;
      out = out * 10 + (c - '0');
    }
    return true;
  };
  if (!digits(0, 4, civil.year) || !digits(5, 2, civil.month) || !digits(8, 2, civil.day))
    return std::nullopt;
  if (civil.month < 1 || civil.month > 12 || civil.day < 1 ||
      civil.day > DaysInMonth(civil.year, civil.month))
    return std::nullopt;
  if (text.size() == 24 && text.back() == 'Z') {
    digits(11, 2, civil.hour);
    digits(14, 2, civil.minute);
    digits(17, 2, civil.second);
    digits(20, 3, civil.millisecond);
  }
  return FromCivil(civil);
}

struct Counter {
  std::optional<std::int64_t> current;
  std::int64_t last_ms = 0;
};

// Locks the counter's row (making it) and reads it.
Task<Result<Counter>> ReadCounter(WriteSession& session, std::string_view collection,
                                  std::string_view field, std::string_view key) {
  WriteSql sql(session.dialect());
  sql.Text("INSERT INTO rk_sequences (\"collection\", \"field\", \"key\") VALUES (")
      .Param(db::Value::Text(collection))
      .Text(", ")
      .Param(db::Value::Text(field))
      .Text(", ")
      .Param(db::Value::Text(key))
      .Text(
          ") ON CONFLICT (\"collection\", \"field\", \"key\") DO UPDATE SET \"current\" = "
          "rk_sequences.\"current\" "
          "RETURNING \"current\", \"lastAt\"");
  db::Statement statement = sql.Take("sequence_read");
  RK_CO_TRY(rows, co_await session.connection().Run(std::move(statement)));
  Counter counter;
  if (!rows.empty() && !rows.at(0, 0).is_null()) {
    counter.current = rows.at(0, 0).ToInt();
    counter.last_ms = rows.at(0, 1).ToInt();
  }
  co_return counter;
}

Task<Result<void>> StoreCounter(WriteSession& session, std::string_view collection,
                                std::string_view field, std::string_view key,
                                std::int64_t current) {
  WriteSql sql(session.dialect());
  sql.Text("UPDATE rk_sequences SET \"current\" = ")
      .Param(db::Value::Int(current))
      .Text(", \"lastAt\" = ")
      .Param(db::Value::Int(session.now_ms()))
      .Text(" WHERE \"collection\" = ")
      .Param(db::Value::Text(collection))
      .Text(" AND \"field\" = ")
      .Param(db::Value::Text(field))
      .Text(" AND \"key\" = ")
      .Param(db::Value::Text(key));
  db::Statement statement = sql.Take("sequence_store");
  RK_CO_CHECK_OK(co_await session.connection().Run(std::move(statement)));
  co_return Result<void>();
}

// The field's uid: a collection made anew under an old name starts to count anew.
const std::string& CounterName(const schema::Field& field) {
  return field.key.empty() ? field.name : field.key;
}

Task<Result<void>> FillSequence(WriteSession& session, const schema::Collection& collection,
                                const schema::Field& field, PreparedValues& prepared) {
  RK_CO_TRY(parts, ParseSequencePatterns(field.options));
  if (const Assignment* given = prepared.Find(field.name);
      given != nullptr && !given->value.is_null()) {
    const auto numbers = MatchSequence(parts, given->value.as_text());
    if (!numbers && FindBool(field.options, "match")) {
      co_return Fail(InvalidArgument("INVALID_VALUE", field.title + ": invalid value",
                                     "The text must have the shape of the field's patterns",
                                     field.name));
    }
    std::size_t at = 0;
    for (const SequencePart& part : parts) {
      if (!numbers || part.kind != SequencePart::Kind::kInteger) continue;
      const std::int64_t number = (*numbers)[at++];
      RK_CO_TRY(counter,
                co_await ReadCounter(session, collection.name, CounterName(field), part.key));
      if (counter.current && *counter.current >= number) continue;
      RK_CO_CHECK_OK(
          co_await StoreCounter(session, collection.name, CounterName(field), part.key, number));
    }
    co_return Result<void>();
  }
  std::string text;
  const TimeZone& zone = session.context().server_zone;
  for (const SequencePart& part : parts) {
    switch (part.kind) {
      case SequencePart::Kind::kString:
        text += part.value;
        break;
      case SequencePart::Kind::kRandomChar:
        text += FormatRandom(part);
        break;
      case SequencePart::Kind::kDate: {
        const Assignment* source = part.field.empty() ? nullptr : prepared.Find(part.field);
        const auto instant = source == nullptr ? std::nullopt : InstantOf(source->json);
        text += FormatMoment(part.value, instant.value_or(session.now_ms()), zone);
        break;
      }
      case SequencePart::Kind::kInteger: {
        RK_CO_TRY(counter,
                  co_await ReadCounter(session, collection.name, CounterName(field), part.key));
        if (counter.current && CycleEnded(part, counter.last_ms, session.now_ms(), zone))
          counter.current.reset();
        const std::int64_t number = NextNumber(part, counter.current);
        RK_CO_CHECK_OK(
            co_await StoreCounter(session, collection.name, CounterName(field), part.key, number));
        text += FormatNumber(part, number);
        break;
      }
    }
  }
  prepared.Set(Assignment{&field, db::Value::Text(text), json::string(text)});
  co_return Result<void>();
}

// All other rows of a radio field lose the mark.
Task<Result<void>> UnsetRadio(WriteSession& session, const schema::Collection& collection,
                              const schema::Field& field, const StoredRow* except) {
  RK_CO_CHECK_OK(co_await session.Lock(collection.name, CounterName(field), "radio"));
  WriteSql sql(session.dialect());
  sql.Text("UPDATE ");
  AppendTable(sql, collection);
  sql.Text(" SET ").Name(field.column).Text(" = ").Param(db::Value::Bool(false));
  sql.Text(" WHERE ").Name(field.column).Text(" = ").Param(db::Value::Bool(true));
  if (except != nullptr) {
    std::vector<std::vector<db::Value>> keys{KeyOf(*except, IdentityOf(collection))};
    sql.Text(" AND NOT ");
    AppendKeyCondition(sql, collection, IdentityOf(collection), keys);
  }
  sql.Text(" RETURNING ");
  AppendColumnList(sql, *session.Shape(collection));
  db::Statement statement = sql.Take("radio_unset");
  RK_CO_TRY(rows, co_await session.RunRows(std::move(statement), collection));
  for (const StoredRow& row : rows) {
    ChangeList changes;
    changes.AddText(field, "true", "false");
    session.JournalChange("update", row, changes);
  }
  co_return Result<void>();
}

std::string_view ScopeKey(const schema::Field& sort_field) {
  return FindString(sort_field.options, "scopeKey");
}

Assignment SortAssignment(const schema::Field& field, std::int64_t number) {
  return Assignment{&field, db::Value::Int(number), number};
}

// A tree has no cycles: a node is neither its own parent nor a child of its descendants.
Task<Result<void>> CheckTree(WriteSession& session, const schema::Collection& collection,
                             const StoredRow& row, const PreparedValues& prepared) {
  for (const schema::Field& field : collection.fields) {
    if (!field.is_relation() || field.relation->kind != schema::RelationKind::kBelongsTo) continue;
    if (field.relation->target != collection.name) continue;
    if (!FindBool(field.options, "treeParent") && field.name != "parent") continue;
    const Assignment* parent = prepared.Find(field.relation->foreign_key);
    if (parent == nullptr || parent->value.is_null()) continue;
    const std::string own = TextOf(row.ValueOf(field.relation->target_key));
    if (TextOf(parent->value) == TextOf(row.ValueOf(field.relation->foreign_key))) continue;
    if (TextOf(parent->value) == own) {
      co_return Fail(InvalidArgument("TREE_CYCLE", "Cannot set itself as the parent node",
                                     "Choose another parent", field.relation->foreign_key));
    }
    RK_CO_CHECK_OK(co_await session.Lock(collection.name, field.name, "tree"));
    const std::string key = WriteSql(session.dialect())
                                .Quoted(collection.FindField(field.relation->target_key)->column);
    const std::string up = WriteSql(session.dialect()).Quoted(parent->field->column);
    WriteSql sql(session.dialect());
    sql.Text("WITH RECURSIVE rk_up (k) AS (SELECT ").Text(up).Text(" FROM ");
    AppendTable(sql, collection);
    sql.Text(" WHERE ").Text(key).Text(" = ").Param(parent->value);
    sql.Text(" UNION SELECT rk_t.").Text(up).Text(" FROM ");
    AppendTable(sql, collection);
    sql.Text(" AS rk_t JOIN rk_up ON rk_t.")
        .Text(key)
        .Text(" = rk_up.k) SELECT 1 FROM rk_up WHERE k = ");
    sql.Param(row.ValueOf(field.relation->target_key)).Text(" LIMIT 1");
    db::Statement statement = sql.Take("tree_check");
    RK_CO_TRY(found, co_await session.Run(std::move(statement), collection));
    if (!found.empty()) {
      co_return Fail(InvalidArgument("TREE_CYCLE",
                                     "Cannot set a descendant node as the parent node",
                                     "Choose another parent", field.relation->foreign_key));
    }
  }
  co_return Result<void>();
}

}  // namespace

Task<Result<std::int64_t>> NextSortNumber(WriteSession& session,
                                          const schema::Collection& collection,
                                          const schema::Field& sort_field, db::Value scope_value) {
  const schema::Field* scope = collection.FindField(ScopeKey(sort_field));
  const std::string lock = "sort:" + TextOf(scope_value).substr(0, 200);
  RK_CO_CHECK_OK(co_await session.Lock(collection.name, CounterName(sort_field), lock));
  WriteSql sql(session.dialect());
  sql.Text("SELECT max(").Name(sort_field.column).Text(") FROM ");
  AppendTable(sql, collection);
  if (scope != nullptr && scope->has_column()) {
    sql.Text(" WHERE ").Name(scope->column);
    if (scope_value.is_null()) {
      sql.Text(" IS NULL");
    } else {
      sql.Text(" = ").Param(std::move(scope_value));
    }
  }
  db::Statement statement = sql.Take("sort_next");
  RK_CO_TRY(rows, co_await session.Run(std::move(statement), collection));
  co_return rows.empty() || rows.at(0, 0).is_null() ? 1 : rows.at(0, 0).ToInt() + 1;
}

Task<Result<void>> FillCreateColumns(WriteSession& session, const schema::Collection& collection,
                                     PreparedValues& prepared) {
  bool formulas = false;
  for (const schema::Field& field : collection.fields) {
    if (!field.has_column()) continue;
    switch (RoleOf(collection, field)) {
      case FieldRole::kSort: {
        const Assignment* given = prepared.Find(field.name);
        if (given != nullptr && !given->value.is_null()) break;
        const Assignment* scope = prepared.Find(ScopeKey(field));
        db::Value scope_value = scope == nullptr ? db::Value::Null() : scope->value;
        RK_CO_TRY(number,
                  co_await NextSortNumber(session, collection, field, std::move(scope_value)));
        prepared.Set(SortAssignment(field, number));
        break;
      }
      case FieldRole::kSequence:
        RK_CO_CHECK_OK(co_await FillSequence(session, collection, field, prepared));
        break;
      case FieldRole::kRadio: {
        const Assignment* given = prepared.Find(field.name);
        if (given == nullptr || !BorrowCell(given->value).ToBool()) break;
        RK_CO_CHECK_OK(co_await UnsetRadio(session, collection, field, nullptr));
        break;
      }
      case FieldRole::kFormula:
        formulas = true;
        break;
      default:
        break;
    }
  }
  if (!formulas) co_return Result<void>();
  const auto lookup = [&prepared](std::string_view name) {
    const Assignment* assignment = prepared.Find(name);
    return assignment == nullptr ? json::value(nullptr) : assignment->json;
  };
  RK_CO_TRY(computed, ComputeFormulas(session.context(), collection, lookup));
  for (Assignment& assignment : computed) prepared.Set(std::move(assignment));
  co_return Result<void>();
}

bool NeedsRowByRow(const schema::Collection& collection, const PreparedValues& prepared) {
  for (const schema::Field& field : collection.fields) {
    if (!field.has_column()) continue;
    switch (RoleOf(collection, field)) {
      case FieldRole::kFormula:
        return true;
      case FieldRole::kSort:
        if (!ScopeKey(field).empty() && prepared.Find(ScopeKey(field)) != nullptr) return true;
        break;
      case FieldRole::kRadio:
        if (prepared.Find(field.name) != nullptr) return true;
        break;
      default:
        break;
    }
  }
  if (!collection.tree) return false;
  for (const schema::Field& field : collection.fields) {
    if (field.is_relation() && field.relation->kind == schema::RelationKind::kBelongsTo &&
        field.relation->target == collection.name &&
        prepared.Find(field.relation->foreign_key) != nullptr) {
      return true;
    }
  }
  return false;
}

Task<Result<void>> FillUpdateColumns(WriteSession& session, const schema::Collection& collection,
                                     const StoredRow& row, PreparedValues& prepared) {
  bool formulas = false;
  if (collection.tree) RK_CO_CHECK_OK(co_await CheckTree(session, collection, row, prepared));
  for (const schema::Field& field : collection.fields) {
    if (!field.has_column()) continue;
    switch (RoleOf(collection, field)) {
      case FieldRole::kSort: {
        const Assignment* scope = prepared.Find(ScopeKey(field));
        if (scope == nullptr || prepared.Find(field.name) != nullptr) break;
        if (TextOf(scope->value) == TextOf(row.ValueOf(scope->field->name)) &&
            scope->value.is_null() == row.ValueOf(scope->field->name).is_null()) {
          break;
        }
        db::Value scope_value = scope->value;
        RK_CO_TRY(number,
                  co_await NextSortNumber(session, collection, field, std::move(scope_value)));
        prepared.Set(SortAssignment(field, number));
        break;
      }
      case FieldRole::kRadio: {
        const Assignment* given = prepared.Find(field.name);
        if (given == nullptr || !BorrowCell(given->value).ToBool()) break;
        RK_CO_CHECK_OK(co_await UnsetRadio(session, collection, field, &row));
        break;
      }
      case FieldRole::kFormula:
        formulas = true;
        break;
      default:
        break;
    }
  }
  if (!formulas) co_return Result<void>();
  const auto lookup = [&prepared, &row](std::string_view name) {
    const Assignment* assignment = prepared.Find(name);
    return assignment == nullptr ? row.JsonOf(name) : assignment->json;
  };
  RK_CO_TRY(computed, ComputeFormulas(session.context(), collection, lookup));
  for (Assignment& assignment : computed) prepared.Set(std::move(assignment));
  co_return Result<void>();
}

Task<Result<void>> AdvanceAutoIncrement(WriteSession& session, const schema::Collection& collection,
                                        const PreparedValues& prepared, const StoredRow& row) {
  // SQLite's AUTOINCREMENT never gives a number below one that was used; PostgreSQL's sequences do
  // not look at the table.
  if (!session.dialect().has_writable_cte()) co_return Result<void>();
  for (const Assignment& assignment : prepared.columns) {
    if (!assignment.field->auto_increment || assignment.value.is_null()) continue;
    // The rows of inherited tables share the sequence of the parent that has the column.
    std::vector<const schema::Collection*> owners{&collection};
    for (std::size_t i = 0; i < owners.size(); ++i) {
      for (const std::string& parent : owners[i]->inherits) {
        const schema::Collection* found = session.catalog().Find(parent);
        if (found != nullptr && std::find(owners.begin(), owners.end(), found) == owners.end())
          owners.push_back(found);
      }
    }
    const db::Value number = row.ValueOf(assignment.field->name);
    for (const schema::Collection* owner : owners) {
      WriteSql sql(session.dialect());
      std::string table;
      session.dialect().AppendIdentifier(table, owner->table);
      sql.Text("SELECT setval(rk_s.seq, ").TypedParam(number, db::ColumnKind::kInt64);
      sql.Text(") FROM (SELECT pg_get_serial_sequence(")
          .TypedParam(db::Value::Text(table), db::ColumnKind::kText);
      sql.Text(", ").TypedParam(db::Value::Text(assignment.field->column), db::ColumnKind::kText);
      sql.Text(
          ")::regclass AS seq) AS rk_s WHERE rk_s.seq IS NOT NULL AND "
          "coalesce(pg_sequence_last_value(rk_s.seq), 0) < ");
      sql.TypedParam(number, db::ColumnKind::kInt64);
      db::Statement statement = sql.Take("sequence_advance");
      RK_CO_CHECK_OK(co_await session.Run(std::move(statement), collection));
    }
  }
  co_return Result<void>();
}

}  // namespace renkei::records
