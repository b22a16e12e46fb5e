#include "db/postgres/counts_sql.h"

#include <fmt/format.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "db/dialect.h"

namespace renkei::db::postgres {
namespace {

// Advisory locks share one space of numbers with other programs on the database: random constants.
constexpr std::int64_t kHelperLock = 0x524b5f68656c7031;   // "RK_help1"
constexpr std::int64_t kCompactLock = 0x524b5f636f6d7031;  // "RK_comp1"

std::int64_t LockKey(std::string_view table) {
  Sha256Digest digest = Sha256(table);
  std::uint64_t key = 0;
  for (int i = 0; i < 8; ++i) key = key << 8 | digest[static_cast<std::size_t>(i)];
  return static_cast<std::int64_t>(key);
}

std::string SequenceName(std::string_view table) {
  return "rk_v_" + Sha256Hex(table).substr(0, 16);
}

std::string Quoted(std::string_view name) {
  std::string sql;
  PostgresDialect().AppendIdentifier(sql, name);
  return sql;
}

std::string Literal(std::string_view text) {
  std::string sql = "'";
  for (char c : text) sql += c == '\'' ? std::string("''") : std::string(1, c);
  return sql + "'";
}

// A quoted identifier inside a literal, for ::regclass.
std::string RegClass(std::string_view table) { return Literal(Quoted(table)) + "::regclass"; }

std::string List(const std::vector<std::string>& tables, std::string (*element)(std::string_view)) {
  std::string list = "{";
  for (const std::string& table : tables) {
    if (list.size() > 1) list += ',';
    list += element(table);
  }
  return list + "}";
}

Statement Sql(std::string sql, std::vector<Value> params = {}) {
  return {std::move(sql), std::move(params), "counts.setup"};
}

// SECURITY DEFINER: other programs that may write the table need no rights on our objects.
constexpr const char* kTouch = R"(
CREATE OR REPLACE FUNCTION rk_touch_v1(relation oid, lock_key bigint, sequence text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $body$
DECLARE other record;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(lock_key);
  PERFORM nextval(sequence::regclass);
  IF EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = relation OR i.inhparent = relation) THEN
    FOR other IN
      WITH RECURSIVE up(id) AS (SELECT relation UNION SELECT i.inhparent FROM pg_inherits i JOIN up ON i.inhrelid = up.id),
                     down(id) AS (SELECT relation UNION SELECT i.inhrelid FROM pg_inherits i JOIN down ON i.inhparent = down.id)
      SELECT t.lock_key, t.sequence FROM rk_tracked t
      WHERE t.relation <> rk_touch_v1.relation AND t.relation IN (SELECT id FROM up UNION SELECT id FROM down)
    LOOP
      PERFORM pg_advisory_xact_lock_shared(other.lock_key);
      PERFORM nextval(other.sequence::regclass);
    END LOOP;
  END IF;
END $body$)";

// The arguments of all triggers: lock key, sequence, table name.
std::string ChangeFunction(std::string_view name, std::string_view sign) {
  return fmt::format(R"(
CREATE OR REPLACE FUNCTION {0}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $body$
DECLARE n bigint;
BEGIN
  SELECT count(*) INTO n FROM rk_rows;
  IF n > 0 THEN
    INSERT INTO rk_counts (table_name, delta) VALUES (tg_argv[2], {1}n);
    PERFORM rk_touch_v1(tg_relid, tg_argv[0]::bigint, tg_argv[1]);
  END IF;
  RETURN NULL;
END $body$)",
                     name, sign);
}

constexpr const char* kUpdateFunction = R"(
CREATE OR REPLACE FUNCTION rk_updated_v1() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $body$
BEGIN
  PERFORM rk_touch_v1(tg_relid, tg_argv[0]::bigint, tg_argv[1]);
  RETURN NULL;
END $body$)";

// TRUNCATE has no transition table: what takes the sum back to zero is added.
constexpr const char* kTruncateFunction = R"(
CREATE OR REPLACE FUNCTION rk_truncated_v1() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $body$
BEGIN
  INSERT INTO rk_counts (table_name, delta)
    SELECT tg_argv[2], -coalesce(sum(delta), 0) FROM rk_counts WHERE table_name = tg_argv[2];
  PERFORM rk_touch_v1(tg_relid, tg_argv[0]::bigint, tg_argv[1]);
  RETURN NULL;
END $body$)";

constexpr const char* kSettleFunction = R"(
CREATE OR REPLACE FUNCTION rk_settle_v1(lock_keys bigint[], sequences text[]) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $body$
DECLARE k bigint;
BEGIN
  FOREACH k IN ARRAY lock_keys LOOP
    IF NOT pg_try_advisory_xact_lock(k) THEN RETURN NULL; END IF;
  END LOOP;
  RETURN (SELECT string_agg(coalesce(pg_sequence_last_value(to_regclass(n))::text, '-'), ',' ORDER BY i)
          FROM unnest(sequences) WITH ORDINALITY AS t(n, i));
END $body$)";

struct Trigger {
  std::string_view name, event, referencing, function;
};
constexpr Trigger kTriggers[] = {
    {"rk_insert", "INSERT", "REFERENCING NEW TABLE AS rk_rows ", "rk_inserted_v1"},
    {"rk_update", "UPDATE", "", "rk_updated_v1"},
    {"rk_delete", "DELETE", "REFERENCING OLD TABLE AS rk_rows ", "rk_deleted_v1"},
    {"rk_truncate", "TRUNCATE", "", "rk_truncated_v1"},
};

}  // namespace

std::vector<Statement> HelperStatements() {
  return {
      Sql("SELECT pg_advisory_xact_lock($1)", {Value::Int(kHelperLock)}),
      Sql("CREATE TABLE IF NOT EXISTS rk_counts (table_name text NOT NULL, delta bigint NOT NULL, "
          "seed boolean NOT NULL DEFAULT false) "
          "WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500)"),
      Sql("CREATE INDEX IF NOT EXISTS rk_counts_table ON rk_counts (table_name)"),
      Sql("CREATE TABLE IF NOT EXISTS rk_tracked (relation oid PRIMARY KEY, lock_key bigint NOT "
          "NULL, "
          "sequence text NOT NULL)"),
      Sql(kTouch),
      Sql(ChangeFunction("rk_inserted_v1", "")),
      Sql(ChangeFunction("rk_deleted_v1", "-")),
      Sql(kUpdateFunction),
      Sql(kTruncateFunction),
      Sql(kSettleFunction),
  };
}

std::vector<Statement> TrackStatements(std::string_view table) {
  std::string sequence = SequenceName(table);
  std::vector<Statement> statements = UntrackStatements(table);
  // A table of the same name may have been here before: its versions must not come again.
  statements.push_back(
      Sql(fmt::format("CREATE SEQUENCE {} START WITH {}", sequence, NowMs() * 1024)));
  statements.push_back(Sql(fmt::format("SELECT nextval('{}')", sequence)));
  for (const Trigger& trigger : kTriggers) {
    statements.push_back(Sql(fmt::format(
        "CREATE TRIGGER {} AFTER {} ON {} {}FOR EACH STATEMENT EXECUTE PROCEDURE {}({}, {}, {})",
        trigger.name, trigger.event, Quoted(table), trigger.referencing, trigger.function,
        Literal(std::to_string(LockKey(table))), Literal(sequence), Literal(table))));
  }
  statements.push_back(
      Sql(fmt::format("INSERT INTO rk_tracked (relation, lock_key, sequence) VALUES ({}, {}, {})",
                      RegClass(table), LockKey(table), Literal(sequence))));
  // The triggers' lock keeps writers out: the count is the count at the commit.
  statements.push_back(Sql(fmt::format(
      "INSERT INTO rk_counts (table_name, delta, seed) SELECT {0}, (SELECT count(*) FROM {1}), "
      "true "
      "WHERE NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = {2} OR inhparent = {2})",
      Literal(table), Quoted(table), RegClass(table))));
  // A delete through a parent counts the children's rows too: the sums of both mean nothing any
  // more.
  statements.push_back(
      Sql(fmt::format("DELETE FROM rk_counts WHERE table_name IN (SELECT c.relname FROM "
                      "pg_inherits i JOIN pg_class c "
                      "ON c.oid = i.inhparent WHERE i.inhrelid = {})",
                      RegClass(table))));
  return statements;
}

std::vector<Statement> UntrackStatements(std::string_view table) {
  std::vector<Statement> statements;
  // While the compactor joins rows, they cannot be deleted reliably.
  statements.push_back(Sql("SELECT pg_advisory_xact_lock($1)", {Value::Int(kCompactLock)}));
  statements.push_back(Sql("DELETE FROM rk_counts WHERE table_name = $1", {Value::Text(table)}));
  statements.push_back(
      Sql("DELETE FROM rk_tracked WHERE sequence = $1", {Value::Text(SequenceName(table))}));
  for (const Trigger& trigger : kTriggers) {
    statements.push_back(
        Sql(fmt::format("DROP TRIGGER IF EXISTS {} ON {}", trigger.name, Quoted(table))));
  }
  statements.push_back(Sql(fmt::format("DROP SEQUENCE IF EXISTS {}", SequenceName(table))));
  return statements;
}

Statement WholeCountStatement(std::string_view table) {
  return {"SELECT CASE WHEN bool_or(seed) THEN sum(delta) END FROM rk_counts WHERE table_name = $1",
          {Value::Text(table)},
          "count.whole"};
}

Statement VersionsStatement(const std::vector<std::string>& tables) {
  return {
      "SELECT string_agg(coalesce(pg_sequence_last_value(to_regclass(n))::text, '-'), ',' ORDER BY "
      "i) "
      "FROM unnest($1::text[]) WITH ORDINALITY AS t(n, i)",
      {Value::Text(List(tables, SequenceName))},
      "count.versions"};
}

Statement SettleStatement(const std::vector<std::string>& tables) {
  auto key = [](std::string_view table) { return std::to_string(LockKey(table)); };
  return {"SELECT rk_settle_v1($1::bigint[], $2::text[])",
          {Value::Text(List(tables, key)), Value::Text(List(tables, SequenceName))},
          "count.settle"};
}

Statement CompactStatement() {
  return {fmt::format("WITH turn AS (SELECT pg_try_advisory_xact_lock({}) AS mine), "
                      "many AS (SELECT c.table_name FROM rk_counts c GROUP BY c.table_name HAVING "
                      "count(*) > 4), "
                      "gone AS (DELETE FROM rk_counts c USING many, turn WHERE turn.mine AND "
                      "c.table_name = many.table_name "
                      "RETURNING c.table_name, c.delta, c.seed) "
                      "INSERT INTO rk_counts (table_name, delta, seed) "
                      "SELECT table_name, sum(delta), bool_or(seed) FROM gone GROUP BY table_name",
                      kCompactLock),
          {},
          "count.compact"};
}

}  // namespace renkei::db::postgres
