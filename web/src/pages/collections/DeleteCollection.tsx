import { Checkbox, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { destroyCollection } from '@/api/catalog';
import { catalogChanged } from '@/api/queries';
import type { Collection } from '@/api/types';
import { useT } from '@/base/i18n';
import { displayText } from '@/parts/catalog/catalog';
import { ConfirmDialog } from '@/parts/kit/confirm';
import { notifyDone } from '@/parts/kit/notify';

/** Deletes a collection with its rows, after its name has been typed. */
export function DeleteCollection({ collection, onClose, onDone }: { collection: Collection | undefined; onClose: () => void; onDone?: () => void }) {
  const t = useT();
  const [cascade, setCascade] = useState(false);
  const destroy = useMutation({
    mutationFn: (name: string) => destroyCollection(name, cascade),
    onSuccess: async () => {
      onClose();
      onDone?.();
      await catalogChanged();
      notifyDone(t('collection.deleted'));
    },
  });
  return (
    <ConfirmDialog
      opened={collection !== undefined}
      onClose={() => {
        destroy.reset();
        onClose();
      }}
      onConfirm={() => collection && destroy.mutate(collection.name)}
      title={t('collection.deleteTitle', { name: displayText(collection?.title) || collection?.name || '' })}
      confirmLabel={t('collection.delete')}
      typed={collection?.name}
      busy={destroy.isPending}
      error={destroy.error}
    >
      <Stack gap="sm">
        {t('collection.deleteText')}
        <Checkbox label={t('collection.cascade')} checked={cascade} onChange={(event) => setCascade(event.currentTarget.checked)} />
      </Stack>
    </ConfirmDialog>
  );
}
