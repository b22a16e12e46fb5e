// Changes one value in place. Enter or leaving the cell saves, Escape restores; a failure keeps what was typed
// and says why.
import { Box, Popover, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState, type KeyboardEvent } from 'react';
import { queryClient } from '@/api/queries';
import { resourcePath, updateRow } from '@/api/records';
import type { Field, Row } from '@/api/types';
import { useT } from '@/base/i18n';
import { isKey } from '@/base/keyboard';
import { isRelation } from '@/parts/catalog/catalog';
import { useCatalog } from '@/parts/catalog/use_catalog';
import { FieldInput } from '@/parts/fields/FieldInput';
import { kindOf } from '@/parts/fields/kind';
import { errorText } from '@/parts/kit/error_text';
import { checkValue } from './check_value';
import { toLinks } from './record_values';

interface CellEditorProps {
  collection: string;
  field: Field;
  row: Row;
  onClose: (saved: boolean) => void;
}

export function CellEditor({ collection, field, row, onClose }: CellEditorProps) {
  const t = useT();
  const catalog = useCatalog();
  const [value, setValue] = useState(row[field.name]);
  const [problem, setProblem] = useState<string>();
  const box = useRef<HTMLDivElement>(null);
  const save = useMutation({
    mutationFn: () => {
      const wire = isRelation(field) ? toLinks(field, value, catalog) : value === '' ? null : value;
      return updateRow(resourcePath(collection), catalog.keyOf(collection, row), { [field.name]: wire });
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['rows', collection] });
      onClose(true);
    },
    onError: (error) => setProblem(errorText(error, t).message),
  });
  const finish = () => {
    if (save.isPending) return;
    const found = checkValue(field, value, t);
    setProblem(found);
    if (found) return;
    if (JSON.stringify(value ?? null) === JSON.stringify(row[field.name] ?? null)) onClose(false);
    else save.mutate();
  };
  const keys = (event: KeyboardEvent) => {
    const opened = (event.target as HTMLElement).getAttribute('aria-expanded') === 'true';
    const multiline = kindOf(field) === 'longText' || kindOf(field) === 'json';
    if (isKey(event, 'Escape') && !event.defaultPrevented) {
      event.stopPropagation();
      onClose(false);
    } else if (isKey(event, 'Enter') && !opened && (!multiline || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      finish();
    } else if (!isKey(event, 'Tab')) event.stopPropagation();
  };
  return (
    <Popover opened={problem !== undefined} withArrow position="bottom-start" withinPortal trapFocus={false}>
      <Popover.Target>
        <Box
          ref={box}
          onKeyDown={keys}
          onBlur={(event) => {
            const next = event.relatedTarget;
            const inPortal = next instanceof HTMLElement && next.closest('[data-portal]');
            if (!box.current?.contains(next) && !inPortal && document.hasFocus() && problem === undefined && !hasOpenDropdown(box.current)) finish();
          }}
        >
          <FieldInput field={field} value={value} onChange={setValue} bare autoFocus disabled={save.isPending} />
        </Box>
      </Popover.Target>
      <Popover.Dropdown role="alert">
        <Text size="sm" c="red">{problem}</Text>
      </Popover.Dropdown>
    </Popover>
  );
}

function hasOpenDropdown(box: HTMLElement | null): boolean {
  return box?.querySelector('[aria-expanded="true"]') !== null;
}
