// Makes a collection, or changes what may be changed of one.
import { Button, Checkbox, Code, Group, MultiSelect, Radio, ScrollArea, Select, Stack, Switch, Table, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { createCollection, listViews, previewSql, readView, updateCollection, type SqlPreview } from '@/api/catalog';
import { ApiError } from '@/api/errors';
import { catalogChanged, categoriesQuery } from '@/api/queries';
import type { Collection } from '@/api/types';
import { useT } from '@/base/i18n';
import { displayText, fieldTitle, isRelation } from '@/parts/catalog/catalog';
import { isWireName, proposeName } from '@/parts/catalog/naming';
import { useCatalog } from '@/parts/catalog/use_catalog';
import { ErrorAlert } from '@/parts/kit/ErrorAlert';
import { FormFooter } from '@/parts/kit/FormFooter';
import { notifyDone } from '@/parts/kit/notify';
import { changedCollectionBody, newCollectionBody, presets, templates, type CollectionForm, type Preset, type Template } from './collection_body';

interface CollectionDrawerProps {
  /** The collection to change; without one a new one is made. */
  collection?: Collection | undefined;
  onDone: (name: string) => void;
  onCancel: () => void;
}

export function CollectionDrawer({ collection, onDone, onCancel }: CollectionDrawerProps) {
  const t = useT();
  const catalog = useCatalog();
  const categories = useQuery(categoriesQuery);
  const [named, setNamed] = useState(false);
  const [preview, setPreview] = useState<SqlPreview>();
  const creating = collection === undefined;
  const form = useForm<CollectionForm>({
    initialValues: startValues(collection),
    validate: {
      title: (value) => (value.trim() ? null : t('validation.required')),
      name: (value) => (!creating || isWireName(value) ? null : t('collection.badName')),
      inherits: (value, values) => (values.template === 'inherit' && value.length === 0 ? t('validation.required') : null),
      viewName: (value, values) => (values.template === 'view' && !value ? t('validation.required') : null),
      sql: (value, values) => (values.template === 'sql' && !value.trim() ? t('validation.required') : null),
    },
  });
  const { template, viewName, viewSchema } = form.values;
  const views = useQuery({ queryKey: ['dbViews'], queryFn: listViews, enabled: creating && template === 'view' });
  const viewColumns = useQuery({
    queryKey: ['dbViews', viewSchema, viewName],
    queryFn: () => readView(viewName, viewSchema || undefined),
    enabled: creating && template === 'view' && viewName !== '',
  });
  const columns = template === 'view' ? (viewColumns.data ?? {}) : (preview?.fields ?? {});
  const tryOut = useMutation({ mutationFn: () => previewSql(form.values.sql), onSuccess: setPreview });
  const save = useMutation({
    mutationFn: async (values: CollectionForm) => {
      if (collection) return updateCollection(collection.name, changedCollectionBody(values));
      const inferred = values.template === 'sql' && !preview ? (await previewSql(values.sql)).fields : columns;
      await createCollection(newCollectionBody(values, inferred));
    },
    onSuccess: async (_, values) => {
      await catalogChanged();
      notifyDone(creating ? t('collection.created', { name: values.title }) : t('common.saved'));
      onDone(collection?.name ?? values.name);
    },
    onError: (error) => error instanceof ApiError && form.setErrors(error.byField()),
  });
  const titleFields = collection ? catalog.fields(collection.name).filter((field) => !isRelation(field) && field.interface && !field.hidden) : [];

  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack>
        <ErrorAlert error={save.error} />
        {creating && (
          <Radio.Group label={t('collection.template')} {...form.getInputProps('template')} onChange={(value) => form.setFieldValue('template', value as Template)}>
            <Stack gap={8} mt={6}>
              {templates.map((name) => (
                <Radio key={name} value={name} label={t(`template.${name}`)} description={t(`templateText.${name}`)} />
              ))}
            </Stack>
          </Radio.Group>
        )}
        <TextInput
          label={t('collection.title')}
          required
          data-autofocus
          {...form.getInputProps('title')}
          onChange={(event) => {
            const title = event.currentTarget.value;
            form.setFieldValue('title', title);
            if (creating && !named) form.setFieldValue('name', proposeName(title, 't'));
          }}
        />
        <TextInput
          label={t('collection.name')}
          description={t('collection.nameText')}
          required={creating}
          disabled={!creating}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          {...form.getInputProps('name')}
          onChange={(event) => {
            setNamed(true);
            form.setFieldValue('name', event.currentTarget.value);
          }}
        />
        {template === 'inherit' && creating && (
          <MultiSelect
            label={t('collection.parents')}
            description={t('collection.parentsText')}
            required
            searchable
            data={catalog.visible.filter((other) => !other.view && !other.sql).map((other) => ({ value: other.name, label: displayText(other.title) || other.name }))}
            {...form.getInputProps('inherits')}
          />
        )}
        {template === 'view' && creating && (
          <>
            <ErrorAlert error={views.error ?? viewColumns.error} />
            <Select
              label={t('collection.view')}
              required
              searchable
              nothingFoundMessage={t('collection.noViews')}
              data={(views.data ?? []).map((view) => ({ value: `${view.schema ?? ''}.${view.name}`, label: view.schema ? `${view.schema}.${view.name}` : view.name }))}
              value={viewName ? `${viewSchema}.${viewName}` : null}
              error={form.errors.viewName}
              onChange={(value) => {
                const dot = value?.indexOf('.') ?? -1;
                form.setValues({ viewSchema: value?.slice(0, dot) ?? '', viewName: value?.slice(dot + 1) ?? '', viewKey: '' });
              }}
            />
          </>
        )}
        {template === 'sql' && (
          <>
            <Textarea label={t('collection.sql')} description={t('collection.sqlText')} required autosize minRows={4} maxRows={16} spellCheck={false} styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }} {...form.getInputProps('sql')} />
            <Group>
              <Button variant="default" size="xs" loading={tryOut.isPending} disabled={!form.values.sql.trim()} onClick={() => tryOut.mutate()}>{t('collection.trySql')}</Button>
            </Group>
            <ErrorAlert error={tryOut.error} />
            {preview && <SqlRows preview={preview} />}
          </>
        )}
        {creating && (template === 'view' || template === 'sql') && Object.keys(columns).length > 0 && (
          <Select label={t('collection.key')} description={t('collection.keyText')} clearable data={Object.keys(columns)} {...form.getInputProps('viewKey')} />
        )}
        {creating && (template === 'general' || template === 'tree') && (
          <Checkbox.Group label={t('collection.presets')} description={t('collection.presetsText')} value={form.values.presets} onChange={(value) => form.setFieldValue('presets', value as Preset[])}>
            <Group gap="md" mt={6}>
              {presets.map((name) => <Checkbox key={name} value={name} label={t(`preset.${name}`)} disabled={name === 'id' && template === 'tree'} />)}
            </Group>
          </Checkbox.Group>
        )}
        <MultiSelect
          label={t('collection.categories')}
          searchable
          clearable
          data={(categories.data ?? []).map((category) => ({ value: String(category.id), label: category.name }))}
          {...form.getInputProps('category')}
        />
        {!creating && titleFields.length > 0 && (
          <Select
            label={t('collection.titleField')}
            description={t('collection.titleFieldText')}
            searchable
            data={titleFields.map((field) => ({ value: field.name, label: fieldTitle(field) }))}
            {...form.getInputProps('titleField')}
          />
        )}
        <Textarea label={t('common.description')} autosize minRows={2} {...form.getInputProps('description')} />
        <Switch label={t('collection.simplePaginate')} description={t('collection.simplePaginateText')} {...form.getInputProps('simplePaginate', { type: 'checkbox' })} />
      </Stack>
      <FormFooter onCancel={onCancel} busy={save.isPending} label={creating ? t('collection.create') : t('common.save')} />
    </form>
  );
}

function SqlRows({ preview }: { preview: SqlPreview }) {
  const t = useT();
  const names = Object.keys(preview.fields ?? preview.data?.[0] ?? {});
  return (
    <ScrollArea type="auto">
      <Table withTableBorder verticalSpacing={2} fz="xs">
        <Table.Thead><Table.Tr>{names.map((name) => <Table.Th key={name}>{name}</Table.Th>)}</Table.Tr></Table.Thead>
        <Table.Tbody>
          {(preview.data ?? []).map((row, index) => (
            <Table.Tr key={index}>{names.map((name) => <Table.Td key={name}><Code>{JSON.stringify(row[name] ?? null)}</Code></Table.Td>)}</Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {(preview.data ?? []).length === 0 && <Text size="sm" c="dimmed">{t('grid.noRows')}</Text>}
    </ScrollArea>
  );
}

function startValues(collection: Collection | undefined): CollectionForm {
  const template = collection?.sql ? 'sql' : collection?.view ? 'view' : collection?.tree ? 'tree' : collection?.inherits?.length ? 'inherit' : 'general';
  return {
    template,
    title: displayText(collection?.title),
    name: collection?.name ?? '',
    description: collection?.description ?? '',
    category: (collection?.category ?? []).map(({ id }) => String(id)),
    presets: [...presets],
    inherits: collection?.inherits ?? [],
    viewName: collection?.viewName ?? '',
    viewSchema: collection?.schema ?? '',
    viewKey: '',
    sql: collection?.sql ?? '',
    titleField: collection?.titleField ?? '',
    simplePaginate: collection?.simplePaginate ?? false,
  };
}
