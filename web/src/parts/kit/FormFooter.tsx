import { Button, Group } from '@mantine/core';
import { useT } from '@/base/i18n';

/** Cancel and save at the end of a drawer's form, always in view. */
export function FormFooter({ onCancel, busy, label }: { onCancel: () => void; busy: boolean; label?: string }) {
  const t = useT();
  return (
    <Group
      justify="flex-end"
      mt="lg"
      py="sm"
      pos="sticky"
      bottom={0}
      style={{ background: 'var(--mantine-color-body)', borderTop: '1px solid var(--renkei-line)', zIndex: 2 }}
    >
      <Button variant="default" onClick={onCancel}>{t('common.cancel')}</Button>
      <Button type="submit" loading={busy}>{label ?? t('common.save')}</Button>
    </Group>
  );
}
