import { Button, Group, Modal, Progress, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useT } from '@/base/i18n';
import { useFormatContext } from '@/parts/fields/use_format';
import { notifyDone, notifyError } from '@/parts/kit/notify';
import { download, exportCsv } from './export_csv';
import type { Grid } from './use_grid';

/** Exports the shown columns of all rows that match, with progress and a way to stop. */
export function ExportButton({ collection, grid }: { collection: string; grid: Grid }) {
  const t = useT();
  const context = useFormatContext();
  const [progress, setProgress] = useState<{ done: number; total: number | undefined }>();
  const abort = useRef<AbortController>(undefined);

  const run = async () => {
    const controller = new AbortController();
    abort.current = controller;
    setProgress({ done: 0, total: grid.rows.data?.meta.count });
    try {
      const blob = await exportCsv({
        collection,
        columns: grid.visible,
        query: grid.query,
        context,
        signal: controller.signal,
        onProgress: (done, total) => setProgress({ done, total }),
      });
      download(blob, `${collection}-${new Date().toISOString().slice(0, 10)}.csv`);
      notifyDone(t('export.done'));
    } catch (error) {
      if (!controller.signal.aborted) notifyError(error);
    } finally {
      setProgress(undefined);
    }
  };
  const stop = () => abort.current?.abort();
  const share = progress?.total ? Math.min(100, (progress.done / progress.total) * 100) : 0;
  return (
    <>
      <Button variant="default" size="xs" leftSection={<IconDownload size={16} />} onClick={() => void run()}>{t('export.csv')}</Button>
      <Modal opened={progress !== undefined} onClose={stop} title={t('export.running')} closeOnClickOutside={false} centered>
        <Progress value={share} animated aria-label={t('export.running')} />
        <Text size="sm" c="dimmed" mt="xs" aria-live="polite">
          {t('export.progress', { done: progress?.done ?? 0, total: progress?.total ?? 0 })}
        </Text>
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={stop}>{t('common.cancel')}</Button>
        </Group>
      </Modal>
    </>
  );
}
