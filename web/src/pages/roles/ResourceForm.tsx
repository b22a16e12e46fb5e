// What a role may do with one collection: which actions, on which rows, with which fields.
import { Checkbox, Stack, Switch, Table, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queryClient } from '@/api/queries';
import { getRoleResource, listScopes, saveRoleResource, type ResourceAction, type RoleResource, type Scope } from '@/api/roles';
import { useT } from '@/base/i18n';
import { fieldTitle } from '@/parts/catalog/catalog';
import { useCatalog } from '@/parts/catalog/use_catalog';
import { ErrorAlert } from '@/parts/kit/ErrorAlert';
import { ErrorState } from '@/parts/kit/ErrorState';
import { FormFooter } from '@/parts/kit/FormFooter';
import { notifyDone } from '@/parts/kit/notify';
import { TableSkeleton } from '@/parts/kit/TableSkeleton';
import { ScopeSelect } from './ScopeSelect';
import { hasReach, knownActions } from './strategy';

interface ResourceFormProps {
  role: string;
  collection: string;
  onDone: () => void;
  onCancel: () => void;
}

export function ResourceForm(props: ResourceFormProps) {
  const { role, collection } = props;
  const resource = useQuery({ queryKey: ['roles', role, 'resource', collection], queryFn: () => getRoleResource(role, collection), gcTime: 0 });
  const scopes = useQuery({ queryKey: ['scopes', collection], queryFn: () => listScopes(collection) });
  if (resource.isError) return <ErrorState error={resource.error} onRetry={() => void resource.refetch()} />;
  if (scopes.isError) return <ErrorState error={scopes.error} onRetry={() => void scopes.refetch()} />;
  if (resource.isPending || resource.isFetching || scopes.isPending) return <TableSkeleton rows={6} />;
  return <ResourceEditor {...props} resource={resource.data ?? null} scopes={scopes.data} />;
}

const withFields = new Set(['view', 'create', 'update', 'export', 'importXlsx']);

function ResourceEditor({ role, collection, resource, scopes, onDone, onCancel }: ResourceFormProps & { resource: RoleResource | null; scopes: Scope[] }) {
  const t = useT();
  const catalog = useCatalog();
  const fields = catalog.fields(collection).filter((field) => !field.hidden && field.type !== 'password' && (field.interface || field.primaryKey));
  const all = fields.map((field) => field.name);
  const [own, setOwn] = useState(resource?.usingActionsConfig ?? false);
  const [actions, setActions] = useState<ResourceAction[]>(resource?.actions ?? []);
  const find = (name: string) => actions.find((action) => action.name === name);
  const change = (name: string, patch: Partial<ResourceAction>) => setActions(actions.map((action) => (action.name === name ? { ...action, ...patch } : action)));
  const toggle = (name: string) =>
    setActions(find(name) ? actions.filter((action) => action.name !== name) : [...actions, { name, ...(withFields.has(name) ? { fields: all } : {}), scope: null }]);
  const toggleField = (action: ResourceAction, field: string) => {
    const fieldsNow = action.fields ?? all;
    change(action.name, { fields: fieldsNow.includes(field) ? fieldsNow.filter((name) => name !== field) : [...fieldsNow, field] });
  };
  const save = useMutation({
    mutationFn: () =>
      saveRoleResource(role, {
        name: collection,
        usingActionsConfig: own,
        actions: actions.map(({ name, fields: chosen, scope }) => ({ name, ...(chosen ? { fields: chosen } : {}), scope: scope ? ({ id: scope.id } as Scope) : null })),
      }, resource !== null),
    onSuccess: async () => {
      await Promise.all([queryClient.invalidateQueries({ queryKey: ['roles', role] }), queryClient.invalidateQueries({ queryKey: ['rights'] })]);
      notifyDone(t('common.saved'));
      onDone();
    },
  });
  const granted = knownActions.map(find).filter((action) => action !== undefined);
  const columns = granted.filter((action) => withFields.has(action.name));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!save.isPending) save.mutate();
      }}
    >
      <Stack>
        <ErrorAlert error={save.error} />
        <Switch label={t('permission.own')} description={t('permission.ownText')} checked={own} onChange={(event) => setOwn(event.currentTarget.checked)} />
        {own && (
          <>
            <Title order={3}>{t('permission.actions')}</Title>
            <Table verticalSpacing={6}>
              <Table.Tbody>
                {knownActions.map((name) => {
                  const action = find(name);
                  return (
                    <Table.Tr key={name}>
                      <Table.Td w={220}><Checkbox label={t(`action.${name}`)} checked={action !== undefined} onChange={() => toggle(name)} /></Table.Td>
                      <Table.Td>
                        {action && hasReach(name) && <ScopeSelect collection={collection} scopes={scopes} value={action.scope ?? null} onChange={(scope) => change(name, { scope })} label={t(`action.${name}`)} />}
                      </Table.Td>
                    </Table.Tr>
                  );
                })}
              </Table.Tbody>
            </Table>
            {columns.length > 0 && (
              <>
                <Title order={3}>{t('permission.fields')}</Title>
                <Table.ScrollContainer minWidth={420}>
                  <Table verticalSpacing={4} stickyHeader>
                    <Table.Thead>
                      <Table.Tr>
                        <Table.Th>{t('field.title')}</Table.Th>
                        {columns.map((action) => {
                          const chosen = action.fields ?? all;
                          const count = all.filter((name) => chosen.includes(name)).length;
                          return (
                            <Table.Th key={action.name}>
                              <Checkbox
                                size="xs"
                                label={t(`action.${action.name as 'view'}`)}
                                checked={count === all.length}
                                indeterminate={count > 0 && count < all.length}
                                onChange={() => change(action.name, { fields: count === all.length ? [] : all })}
                              />
                            </Table.Th>
                          );
                        })}
                      </Table.Tr>
                    </Table.Thead>
                    <Table.Tbody>
                      {fields.map((field) => (
                        <Table.Tr key={field.name}>
                          <Table.Td><Text size="sm">{fieldTitle(field)} <Text span size="xs" c="dimmed" ff="monospace">{field.name}</Text></Text></Table.Td>
                          {columns.map((action) => (
                            <Table.Td key={action.name}>
                              <Checkbox
                                size="xs"
                                aria-label={`${t(`action.${action.name as 'view'}`)}: ${fieldTitle(field)}`}
                                checked={(action.fields ?? all).includes(field.name)}
                                onChange={() => toggleField(action, field.name)}
                              />
                            </Table.Td>
                          ))}
                        </Table.Tr>
                      ))}
                    </Table.Tbody>
                  </Table>
                </Table.ScrollContainer>
              </>
            )}
          </>
        )}
      </Stack>
      <FormFooter onCancel={onCancel} busy={save.isPending} />
    </form>
  );
}
