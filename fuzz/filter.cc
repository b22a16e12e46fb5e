// Filters, as text and as documents, against a catalog with relations: a condition or a 4xx, on
// both dialects.
#include <cstdlib>

#include "query/filter_parse.h"
#include "schema/catalog.h"
#include "schema/link.h"
#include "schema/parse_definition.h"

namespace {

using namespace renkei;

constexpr std::string_view kDefinitions = R"([
  {"name":"authors","autoGenId":true,"fields":[{"name":"name","type":"string"},
    {"name":"books","type":"hasMany","target":"books","foreignKey":"authorId","sourceKey":"id","targetKey":"id"}]},
  {"name":"genres","autoGenId":true,"fields":[{"name":"label","type":"string"}]},
  {"name":"bookGenres","autoGenId":false,"fields":[{"name":"bookId","type":"bigInt","primaryKey":true},
    {"name":"genreId","type":"bigInt","primaryKey":true}]},
  {"name":"books","autoGenId":true,"createdAt":true,"fields":[
    {"name":"title","type":"string"},{"name":"price","type":"decimal","precision":10,"scale":2},
    {"name":"pages","type":"integer"},{"name":"published","type":"dateOnly"},{"name":"readAt","type":"datetimeTz"},
    {"name":"extra","type":"json"},{"name":"tags","type":"array"},{"name":"available","type":"boolean"},
    {"name":"authorId","type":"bigInt"},
    {"name":"author","type":"belongsTo","target":"authors","foreignKey":"authorId","targetKey":"id"},
    {"name":"genres","type":"belongsToMany","target":"genres","through":"bookGenres","foreignKey":"bookId",
     "otherKey":"genreId","sourceKey":"id","targetKey":"id"}]}
])";

schema::Catalog MakeCatalog() {
  const auto definitions = ParseJson(kDefinitions);
  if (!definitions) std::abort();
  std::vector<schema::LinkedCollection> collections;
  for (const json::value& definition : definitions->as_array()) {
    auto collection = schema::ParseCollection(definition.as_object());
    if (!collection) std::abort();
    collections.emplace_back().base =
        std::make_shared<const schema::Collection>(std::move(*collection));
  }
  schema::Link(collections);
  std::vector<schema::CollectionRef> linked;
  for (const schema::LinkedCollection& collection : collections)
    linked.push_back(collection.linked);
  return {std::move(linked), 1};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  static const schema::Catalog catalog = MakeCatalog();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const db::Dialect* dialect : {&db::SqliteDialect(), &db::PostgresDialect()}) {
    const query::FilterContext context{catalog,    *dialect,          TimeZone(),
                                       TimeZone(), 1'764'000'000'000, 1};
    query::JoinTree joins;
    const auto condition = query::ParseFilterText(text, *catalog.Find("books"), context, joins);
    if (condition) continue;
    const int status = HttpStatus(condition.error().kind);
    if (status < 400 || status > 499 || condition.error().message.empty()) std::abort();
  }
  return 0;
}
