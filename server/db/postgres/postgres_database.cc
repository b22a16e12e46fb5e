#include "db/postgres/postgres_database.h"
namespace renkei::db {
Result<std::unique_ptr<Database>> OpenPostgres(PostgresOptions) { return Fail(Internal("not yet")); }
}
