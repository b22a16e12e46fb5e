// The meta API (rest-api.md 9, 15): collections, their fields and categories, views, SQL
// collections, data sources.
#pragma once

#include <span>

#include "api/resource.h"

namespace renkei::api {

std::span<const Action> MetaActions();

// One function an action; the files are named after the resource.
Task<Result<records::Output>> CollectionsList(Call& call);
Task<Result<records::Output>> CollectionsListMeta(Call& call);
Task<Result<records::Output>> CollectionsGet(Call& call);
Task<Result<records::Output>> CollectionsCreate(Call& call);
Task<Result<records::Output>> CollectionsUpdate(Call& call);
Task<Result<records::Output>> CollectionsDestroy(Call& call);
Task<Result<records::Output>> CollectionsMove(Call& call);
Task<Result<records::Output>> CollectionsSetFields(Call& call);
Task<Result<records::Output>> CollectionsApply(Call& call);

Task<Result<records::Output>> FieldsList(Call& call);
Task<Result<records::Output>> FieldsGet(Call& call);
Task<Result<records::Output>> FieldsCreate(Call& call);
Task<Result<records::Output>> FieldsUpdate(Call& call);
Task<Result<records::Output>> FieldsDestroy(Call& call);
Task<Result<records::Output>> FieldsMove(Call& call);
Task<Result<records::Output>> FieldsApply(Call& call);

Task<Result<records::Output>> DbViewsList(Call& call);
Task<Result<records::Output>> DbViewsGet(Call& call);
Task<Result<records::Output>> DbViewsQuery(Call& call);
Task<Result<records::Output>> SqlCollectionExecute(Call& call);
Task<Result<records::Output>> SqlCollectionSetFields(Call& call);
Task<Result<records::Output>> SqlCollectionUpdate(Call& call);
Task<Result<records::Output>> MainDataSourceRefresh(Call& call);
Task<Result<records::Output>> MainDataSourceSyncFields(Call& call);

Task<Result<records::Output>> DataSourcesList(Call& call);
Task<Result<records::Output>> DataSourcesListEnabled(Call& call);
Task<Result<records::Output>> DataSourcesGet(Call& call);
Task<Result<records::Output>> DataSourcesCreate(Call& call);
Task<Result<records::Output>> DataSourcesChange(Call& call);
Task<Result<records::Output>> DataSourcesTestConnection(Call& call);
Task<Result<records::Output>> DataSourcesRefresh(Call& call);
Task<Result<records::Output>> DataSourceCollectionsList(Call& call);
Task<Result<records::Output>> DataSourceCollectionsGet(Call& call);
Task<Result<records::Output>> DataSourceCollectionsUpdate(Call& call);

}  // namespace renkei::api
