// Which rows an action reaches: all, own ones, or those of a named rule that can be made on the spot.
import { ActionIcon, Button, Group, Modal, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconPencil, IconPlus } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { queryClient } from '@/api/queries';
import { saveScope, type Scope } from '@/api/roles';
import { useT } from '@/base/i18n';
import { displayText } from '@/parts/catalog/catalog';
import { JsonInput } from '@/parts/fields/JsonInput';
import { FilterBuilder } from '@/parts/filter/FilterBuilder';
import { fromWire, newCondition, newGroup, toWire } from '@/parts/filter/filter_model';
import { ErrorAlert } from '@/parts/kit/ErrorAlert';

interface ScopeSelectProps {
  collection: string;
  scopes: Scope[];
  value: Scope | null;
  onChange: (scope: Scope | null) => void;
  label: string;
}

export function ScopeSelect({ collection, scopes, value, onChange, label }: ScopeSelectProps) {
  const t = useT();
  const [edited, setEdited] = useState<Partial<Scope>>();
  const titleOf = (scope: Scope) => (scope.key === 'all' ? t('reach.all') : scope.key === 'own' ? t('reach.own') : displayText(scope.name) || scope.name);
  const shown = value && !scopes.some((scope) => String(scope.id) === String(value.id)) ? [...scopes, value] : scopes;
  const preset = scopes.find((scope) => scope.key === 'all');
  const mayEdit = value !== null && value.key !== 'all' && value.key !== 'own';
  return (
    <Group gap={4} wrap="nowrap">
      <Select
        size="xs"
        style={{ flex: 1 }}
        aria-label={t('scope.of', { action: label })}
        placeholder={t('reach.all')}
        clearable={!preset}
        data={shown.map((scope) => ({ value: String(scope.id), label: titleOf(scope) }))}
        value={value ? String(value.id) : preset ? String(preset.id) : null}
        onChange={(id) => onChange(shown.find((scope) => String(scope.id) === id) ?? null)}
      />
      {mayEdit && <ActionIcon variant="subtle" color="gray" aria-label={t('scope.edit')} onClick={() => setEdited(value)}><IconPencil size={16} /></ActionIcon>}
      <ActionIcon variant="subtle" color="gray" aria-label={t('scope.new')} title={t('scope.new')} onClick={() => setEdited({})}><IconPlus size={16} /></ActionIcon>
      <Modal opened={edited !== undefined} onClose={() => setEdited(undefined)} title={edited?.id === undefined ? t('scope.new') : t('scope.edit')} size="lg">
        {edited && (
          <ScopeForm
            collection={collection}
            scope={edited}
            onCancel={() => setEdited(undefined)}
            onDone={(scope) => {
              setEdited(undefined);
              onChange(scope);
            }}
          />
        )}
      </Modal>
    </Group>
  );
}

function ScopeForm({ collection, scope, onDone, onCancel }: { collection: string; scope: Partial<Scope>; onDone: (scope: Scope) => void; onCancel: () => void }) {
  const t = useT();
  const [name, setName] = useState(scope.name ?? '');
  const [group, setGroup] = useState(() => fromWire(scope.scope) ?? newGroup('$and', [newCondition()]));
  const [text, setText] = useState<unknown>(scope.scope ?? {});
  const [asText, setAsText] = useState(() => Boolean(scope.scope) && fromWire(scope.scope) === undefined);
  const rule = asText ? (text as Record<string, unknown> | null) : (toWire(group) ?? null);
  const save = useMutation({
    mutationFn: async () => {
      const values = { name: name.trim(), resourceName: collection, scope: rule ?? {} };
      const saved = await saveScope(scope.id === undefined ? values : { ...values, id: scope.id });
      await queryClient.invalidateQueries({ queryKey: ['scopes', collection] });
      return saved;
    },
    onSuccess: onDone,
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        if (name.trim() && !save.isPending) save.mutate();
      }}
    >
      <Stack>
        <ErrorAlert error={save.error} />
        <TextInput label={t('scope.name')} required data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Switch label={t('scope.asText')} checked={asText} onChange={(event) => setAsText(event.currentTarget.checked)} />
        {asText ? (
          <>
            <JsonInput label={t('scope.rule')} value={text} onChange={setText} invalid={t('validation.json')} />
            <Text size="xs" c="dimmed">{t('scope.variables', { example: '{"ownerId":{"$eq":"{{$user.id}}"}}' })}</Text>
          </>
        ) : (
          <FilterBuilder collection={collection} value={group} onChange={setGroup} />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>{t('common.cancel')}</Button>
          <Button type="submit" loading={save.isPending} disabled={!name.trim()}>{t('common.save')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
