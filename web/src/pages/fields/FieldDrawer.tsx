// Makes a field, or changes one: first its kind, then its settings.
import { Badge, Button, Group, SimpleGrid, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { createField, updateField } from '@/api/catalog';
import { ApiError } from '@/api/errors';
import { catalogChanged } from '@/api/queries';
import type { Field } from '@/api/types';
import { useT } from '@/base/i18n';
import { isWireName, proposeName } from '@/parts/catalog/naming';
import { useCatalog } from '@/parts/catalog/use_catalog';
import { ErrorAlert } from '@/parts/kit/ErrorAlert';
import { FormFooter } from '@/parts/kit/FormFooter';
import { notifyDone } from '@/parts/kit/notify';
import { draftOf, emptyDraft, fieldBody, type FieldDraft } from './field_body';
import { FieldSettings } from './FieldSettings';
import classes from './fields.module.css';
import { asksFor, findInterface, interfaceGroups, interfaces, type InterfaceSpec } from './interfaces';

interface FieldDrawerProps {
  collection: string;
  /** The field to change; without one a new one is made. */
  field?: Field | undefined;
  onDone: () => void;
  onCancel: () => void;
}

export function FieldDrawer({ collection, field, onDone, onCancel }: FieldDrawerProps) {
  const [spec, setSpec] = useState<InterfaceSpec | undefined>(() => findInterface(field?.interface));
  if (!spec) return <InterfacePicker onPick={setSpec} />;
  return <FieldForm key={spec.name} spec={spec} collection={collection} field={field} onBack={field ? undefined : () => setSpec(undefined)} onDone={onDone} onCancel={onCancel} />;
}

function InterfacePicker({ onPick }: { onPick: (spec: InterfaceSpec) => void }) {
  const t = useT();
  const [search, setSearch] = useState('');
  const word = search.trim().toLowerCase();
  const matches = (spec: InterfaceSpec) => `${spec.name} ${t(`interface.${spec.name}`)}`.toLowerCase().includes(word);
  return (
    <Stack>
      <TextInput data-autofocus aria-label={t('field.findInterface')} placeholder={t('field.findInterface')} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
      {interfaceGroups.map((group) => {
        const members = interfaces.filter((spec) => spec.group === group && matches(spec));
        if (members.length === 0) return null;
        return (
          <section key={group} aria-label={t(`interfaceGroup.${group}`)}>
            <Text size="sm" fw={600} mb={6}>{t(`interfaceGroup.${group}`)}</Text>
            <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} spacing="xs">
              {members.map((spec) => (
                <UnstyledButton key={spec.name} className={classes.choice ?? ''} onClick={() => onPick(spec)}>
                  <Text size="sm" fw={500}>{t(`interface.${spec.name}`)}</Text>
                  <Text size="xs" c="dimmed">{t(`interfaceText.${spec.name}`)}</Text>
                </UnstyledButton>
              ))}
            </SimpleGrid>
          </section>
        );
      })}
    </Stack>
  );
}

interface FieldFormProps extends FieldDrawerProps {
  spec: InterfaceSpec;
  onBack: (() => void) | undefined;
}

function FieldForm({ spec, collection, field, onBack, onDone, onCancel }: FieldFormProps) {
  const t = useT();
  const catalog = useCatalog();
  const creating = field === undefined;
  const [draft, setDraft] = useState<FieldDraft>(() => (field && draftOf(field)) ?? emptyDraft(spec));
  const [named, setNamed] = useState(!creating);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const change = (patch: Partial<FieldDraft>) => {
    setDraft((old) => ({ ...old, ...patch }));
    setErrors((old) => Object.fromEntries(Object.entries(old).filter(([name]) => !(name in patch))));
  };
  const save = useMutation({
    mutationFn: async () => {
      const body = fieldBody(draft, { collection, titleField: (name) => catalog.titleField(name), keyField: (name) => catalog.keyFields(name)[0] ?? 'id' }, creating);
      if (creating) await createField(collection, body);
      else await updateField(collection, field.name, body);
    },
    onSuccess: async () => {
      await catalogChanged();
      notifyDone(creating ? t('field.created', { name: draft.title }) : t('common.saved'));
      onDone();
    },
    onError: (error) => error instanceof ApiError && setErrors(error.byField()),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found: Record<string, string> = {};
    if (!draft.title.trim()) found.title = t('validation.required');
    if (creating && !isWireName(draft.name)) found.name = t('collection.badName');
    if (asksFor(spec, 'relation') && !draft.target) found.target = t('validation.required');
    if (draft.reverse && !isWireName(draft.reverseName)) found.reverseName = t('collection.badName');
    if (asksFor(spec, 'formula') && !draft.expression.trim()) found.expression = t('validation.required');
    if (asksFor(spec, 'choices') && draft.choices.every((choice) => choice.value === '')) found.choices = t('field.choicesNeeded');
    setErrors(found);
    if (Object.keys(found).length === 0 && !save.isPending) save.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Group gap="xs">
          <Badge variant="light" tt="none" size="lg" fw={500}>{t(`interface.${spec.name}`)}</Badge>
          {onBack && <Button variant="subtle" size="compact-sm" onClick={onBack}>{t('field.otherInterface')}</Button>}
        </Group>
        <ErrorAlert error={save.error} />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label={t('field.title')}
            required
            data-autofocus
            autoFocus={creating}
            value={draft.title}
            error={errors.title}
            onChange={(event) => {
              const title = event.currentTarget.value;
              change({ title, ...(named ? {} : { name: proposeName(title, 'f') }) });
            }}
          />
          <TextInput
            label={t('field.name')}
            required={creating}
            disabled={!creating}
            value={draft.name}
            error={errors.name}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            onChange={(event) => {
              setNamed(true);
              change({ name: event.currentTarget.value });
            }}
          />
        </SimpleGrid>
        <FieldSettings spec={spec} collection={collection} draft={draft} errors={errors} creating={creating} onChange={change} />
        <TextInput label={t('common.description')} value={draft.description} onChange={(event) => change({ description: event.currentTarget.value })} />
      </Stack>
      <FormFooter onCancel={onCancel} busy={save.isPending} label={creating ? t('field.create') : t('common.save')} />
    </form>
  );
}
