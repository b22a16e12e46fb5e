import { ActionIcon, Button, ColorSwatch, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconCheck, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { createCategory, destroyCategory, updateCategory } from '@/api/catalog';
import { categoriesQuery, queryClient } from '@/api/queries';
import type { Category } from '@/api/types';
import { useT } from '@/base/i18n';
import { optionColors, themeColor } from '@/parts/fields/colors';
import { ErrorAlert } from '@/parts/kit/ErrorAlert';

const refresh = () => Promise.all([
  queryClient.invalidateQueries({ queryKey: ['categories'] }),
  queryClient.invalidateQueries({ queryKey: ['collections'] }),
  queryClient.invalidateQueries({ queryKey: ['catalog'] }),
]);

/** Names and colours of the categories that group collections in the menu. */
export function CategoriesDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const t = useT();
  const categories = useQuery({ ...categoriesQuery, enabled: opened });
  const add = useMutation({ mutationFn: createCategory, onSuccess: refresh });
  const [name, setName] = useState('');
  return (
    <Modal opened={opened} onClose={onClose} title={t('category.title')} size="lg">
      <Stack gap="sm">
        <ErrorAlert error={categories.error ?? add.error} />
        {categories.data?.length === 0 && <Text size="sm" c="dimmed">{t('category.empty')}</Text>}
        {categories.data?.map((category) => <CategoryRow key={category.id} category={category} />)}
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (!name.trim() || add.isPending) return;
            add.mutate({ name: name.trim(), color: 'default' }, { onSuccess: () => setName('') });
          }}
        >
          <Group gap="xs" wrap="nowrap">
            <TextInput style={{ flex: 1 }} aria-label={t('category.new')} placeholder={t('category.new')} value={name} onChange={(event) => setName(event.currentTarget.value)} />
            <Button type="submit" variant="light" loading={add.isPending} disabled={!name.trim()}>{t('common.add')}</Button>
          </Group>
        </form>
      </Stack>
    </Modal>
  );
}

function CategoryRow({ category }: { category: Category }) {
  const t = useT();
  const [name, setName] = useState(category.name);
  const [color, setColor] = useState(category.color ?? 'default');
  const save = useMutation({ mutationFn: () => updateCategory(category.id, { name: name.trim(), color }), onSuccess: refresh });
  const remove = useMutation({ mutationFn: () => destroyCategory(category.id), onSuccess: refresh });
  const changed = name.trim() !== category.name || color !== (category.color ?? 'default');
  return (
    <>
      <Group gap="xs" wrap="nowrap">
        <TextInput style={{ flex: 1 }} aria-label={t('category.name')} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Select
          w={150}
          aria-label={t('category.color')}
          allowDeselect={false}
          data={optionColors}
          value={color}
          leftSection={<ColorSwatch size={14} color={`var(--mantine-color-${themeColor(color)}-6)`} />}
          onChange={(value) => setColor(value ?? 'default')}
        />
        <ActionIcon variant="light" disabled={!changed || !name.trim()} loading={save.isPending} aria-label={t('common.save')} onClick={() => save.mutate()}>
          <IconCheck size={16} />
        </ActionIcon>
        <ActionIcon variant="subtle" color="red" loading={remove.isPending} aria-label={t('category.delete', { name: category.name })} onClick={() => remove.mutate()}>
          <IconTrash size={16} />
        </ActionIcon>
      </Group>
      <ErrorAlert error={save.error ?? remove.error} />
    </>
  );
}
