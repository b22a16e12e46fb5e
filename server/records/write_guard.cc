#include "records/write_guard.h"

#include "query/filter_parse.h"

namespace renkei::records {
namespace {

bool IsEmptyKey(const json::value& key) {
  if (key.is_null()) return true;
  if (key.is_string()) return key.get_string().empty();
  if (key.is_object()) return key.get_object().empty();
  return false;  // an empty array selects no row, which is harmless
}

bool IsToOne(const AssociationRef& association, const schema::Catalog& catalog) {
  const schema::Collection* source = catalog.Find(association.source_collection);
  const schema::Field* field =
      source == nullptr ? nullptr : source->FindField(association.association);
  return field != nullptr && field->is_relation() && !field->relation->to_many();
}

}  // namespace

bool SelectsEverything(const Params& params) {
  if (params.filter_by_tk && !IsEmptyKey(*params.filter_by_tk)) return false;
  if (!params.filter_by_tks.empty()) return false;
  return !params.filter || query::IsEmptyFilter(*params.filter);
}

Result<void> CheckWriteGuard(std::string_view action, const Params& params,
                             const schema::Catalog* catalog) {
  if (action != "update" && action != "destroy") return {};
  if (action == "update" && params.force_update) return {};
  if (!SelectsEverything(params)) return {};
  if (action == "update" && params.association && catalog != nullptr &&
      IsToOne(*params.association, *catalog))
    return {};
  return Fail(InvalidArgument(
      "FILTER_REQUIRED",
      "to do " + std::string(action) + " action, filter or filterByTk is required",
      action == "update" ? "Add filterByTk or filter; forceUpdate=true changes every row"
                         : "Add filterByTk or filter"));
}

}  // namespace renkei::records
