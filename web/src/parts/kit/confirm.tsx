// Asking before something cannot be undone: what will happen, and for the gravest, typing its name.
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useT } from '@/base/i18n';
import { ErrorAlert } from './ErrorAlert';

interface ConfirmProps {
  opened: boolean;
  onClose: () => void;
  onConfirm: () => void;
  title: string;
  children: ReactNode;
  confirmLabel: string;
  /** The word to type before the button works. */
  typed?: string | undefined;
  busy?: boolean;
  error?: unknown;
}

export function ConfirmDialog(props: ConfirmProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title} centered>
      {props.opened && <ConfirmBody {...props} />}
    </Modal>
  );
}

function ConfirmBody({ onClose, onConfirm, children, confirmLabel, typed, busy, error }: ConfirmProps) {
  const t = useT();
  const [text, setText] = useState('');
  const ready = typed === undefined || text.trim() === typed;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        if (ready && !busy) onConfirm();
      }}
    >
      <Stack>
        <Text size="sm" component="div">{children}</Text>
        {typed !== undefined && (
          <TextInput
            label={t('confirm.type', { word: typed })}
            value={text}
            autoComplete="off"
            data-autofocus
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        <ErrorAlert error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" color="red" disabled={!ready} loading={busy ?? false}>{confirmLabel}</Button>
        </Group>
      </Stack>
    </form>
  );
}
