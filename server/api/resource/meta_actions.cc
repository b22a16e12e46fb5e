#include "api/resource/meta_actions.h"

namespace renkei::api {
namespace {

constexpr bool kReads = false, kChanges = true;

constexpr Action kActions[] = {
    {"collections", "list", &CollectionsList, kReads},
    {"collections", "listMeta", &CollectionsListMeta, kReads},
    {"collections", "get", &CollectionsGet, kReads},
    {"collections", "create", &CollectionsCreate, kChanges},
    {"collections", "update", &CollectionsUpdate, kChanges},
    {"collections", "destroy", &CollectionsDestroy, kChanges},
    {"collections", "move", &CollectionsMove, kChanges},
    {"collections", "setFields", &CollectionsSetFields, kChanges},
    {"collections", "apply", &CollectionsApply, kChanges},
    {"collections.fields", "list", &FieldsList, kReads},
    {"collections.fields", "get", &FieldsGet, kReads},
    {"collections.fields", "create", &FieldsCreate, kChanges},
    {"collections.fields", "update", &FieldsUpdate, kChanges},
    {"collections.fields", "destroy", &FieldsDestroy, kChanges},
    {"collections.fields", "move", &FieldsMove, kChanges},
    {"fields", "list", &FieldsList, kReads},
    {"fields", "get", &FieldsGet, kReads},
    {"fields", "create", &FieldsCreate, kChanges},
    {"fields", "update", &FieldsUpdate, kChanges},
    {"fields", "destroy", &FieldsDestroy, kChanges},
    {"fields", "apply", &FieldsApply, kChanges},
    {"dbViews", "list", &DbViewsList, kReads},
    {"dbViews", "get", &DbViewsGet, kReads},
    {"dbViews", "query", &DbViewsQuery, kReads},
    {"sqlCollection", "execute", &SqlCollectionExecute, kReads},
    {"sqlCollection", "setFields", &SqlCollectionSetFields, kChanges},
    {"sqlCollection", "update", &SqlCollectionUpdate, kChanges},
    {"mainDataSource", "refresh", &MainDataSourceRefresh, kChanges},
    {"mainDataSource", "syncFields", &MainDataSourceSyncFields, kChanges},
    {"dataSources", "list", &DataSourcesList, kReads},
    {"dataSources", "listEnabled", &DataSourcesListEnabled, kReads},
    {"dataSources", "get", &DataSourcesGet, kReads},
    {"dataSources", "create", &DataSourcesCreate, kChanges},
    {"dataSources", "update", &DataSourcesChange, kChanges},
    {"dataSources", "destroy", &DataSourcesChange, kChanges},
    {"dataSources", "testConnection", &DataSourcesTestConnection, kChanges},
    {"dataSources", "refresh", &DataSourcesRefresh, kChanges},
    {"dataSources.collections", "list", &DataSourceCollectionsList, kReads},
    {"dataSources.collections", "get", &DataSourceCollectionsGet, kReads},
    {"dataSources.collections", "update", &DataSourceCollectionsUpdate, kChanges},
};

}  // namespace

std::span<const Action> MetaActions() { return kActions; }

}  // namespace renkei::api
