// The form of one record, made from the collection's fields. Messages of the server go to the field they name;
// the first wrong field gets the focus.
import { Alert, Anchor, List, SimpleGrid, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState, type FormEvent } from 'react';
import { ApiError } from '@/api/errors';
import { queryClient } from '@/api/queries';
import { createRow, resourcePath, updateRow } from '@/api/records';
import type { Field, Row } from '@/api/types';
import { useT } from '@/base/i18n';
import { fieldTitle } from '@/parts/catalog/catalog';
import { useCatalog } from '@/parts/catalog/use_catalog';
import { FieldInput } from '@/parts/fields/FieldInput';
import { kindOf } from '@/parts/fields/kind';
import { ErrorAlert } from '@/parts/kit/ErrorAlert';
import { FormFooter } from '@/parts/kit/FormFooter';
import { notifyDone } from '@/parts/kit/notify';
import { checkValue } from './check_value';
import { initialValues, valuesToSend } from './record_values';

interface RecordFormProps {
  collection: string;
  fields: readonly Field[];
  /** The record to change; without one a new record is made. */
  row?: Row | undefined;
  /** What a new record starts with: a copy, or a parent in a tree. */
  start?: Row | undefined;
  onDone: () => void;
  onCancel: () => void;
  onDirty: (dirty: boolean) => void;
}

const wide = new Set(['longText', 'json', 'many']);

export function RecordForm({ collection, fields, row, start, onDone, onCancel, onDirty }: RecordFormProps) {
  const t = useT();
  const catalog = useCatalog();
  const [before] = useState(() => initialValues(fields, row));
  const [values, setValues] = useState<Row>(() => ({ ...before, ...start }));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const form = useRef<HTMLFormElement>(null);

  const focusField = (name: string) => form.current?.querySelector<HTMLElement>(`[data-field="${CSS.escape(name)}"] :is(input, textarea, button)`)?.focus();
  const showErrors = (found: Record<string, string>) => {
    setErrors(found);
    const first = fields.find((field) => found[field.name]);
    if (first) setTimeout(() => focusField(first.name));
  };
  const save = useMutation({
    mutationFn: async () => {
      const body = valuesToSend(fields, before, values, catalog, row === undefined);
      if (row === undefined) await createRow(resourcePath(collection), body);
      else if (Object.keys(body).length > 0) await updateRow(resourcePath(collection), catalog.keyOf(collection, row), body);
    },
    onSuccess: async () => {
      onDirty(false);
      await queryClient.invalidateQueries({ queryKey: ['rows'] });
      notifyDone(row ? t('record.saved') : t('record.created'));
      onDone();
    },
    onError: (error) => {
      if (error instanceof ApiError) showErrors(error.byField());
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (save.isPending) return;
    const found: Record<string, string> = {};
    for (const field of fields) {
      const keepsPassword = field.type === 'password' && row !== undefined;
      const problem = keepsPassword ? undefined : checkValue(field, values[field.name], t);
      if (problem) found[field.name] = problem;
    }
    if (Object.keys(found).length > 0) showErrors(found);
    else {
      setErrors({});
      save.mutate();
    }
  };
  const listed = fields.filter((field) => errors[field.name]);
  const unplaced = save.error && !(save.error instanceof ApiError && save.error.entries.every((entry) => entry.field && fields.some((field) => field.name === entry.field)));
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack>
        {unplaced && <ErrorAlert error={save.error} />}
        {listed.length > 1 && (
          <Alert color="red" variant="light" role="alert" title={t('record.checkFields', { count: listed.length })}>
            <List size="sm">
              {listed.map((field) => (
                <List.Item key={field.name}>
                  <Anchor component="button" type="button" size="sm" onClick={() => focusField(field.name)}>{fieldTitle(field)}</Anchor>: {errors[field.name]}
                </List.Item>
              ))}
            </List>
          </Alert>
        )}
        <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="md">
          {fields.map((field, index) => (
            <div key={field.name} data-field={field.name} style={wide.has(kindOf(field)) ? { gridColumn: '1 / -1' } : undefined}>
              <FieldInput
                field={field}
                value={values[field.name]}
                error={errors[field.name]}
                autoFocus={index === 0}
                onChange={(value) => {
                  setValues((old) => ({ ...old, [field.name]: value }));
                  onDirty(true);
                  if (errors[field.name]) setErrors(({ [field.name]: _, ...rest }) => rest);
                }}
              />
            </div>
          ))}
        </SimpleGrid>
        <FormFooter onCancel={onCancel} busy={save.isPending} label={row ? t('common.save') : t('record.create')} />
      </Stack>
    </form>
  );
}
