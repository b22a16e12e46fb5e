import { ActionIcon, Menu } from '@mantine/core';
import { IconCopy, IconDots, IconEye, IconPencil, IconSubtask, IconTrash } from '@tabler/icons-react';
import type { Row } from '@/api/types';
import { useT } from '@/base/i18n';
import type { CollectionRights } from './row_rights';

export interface RowActions {
  view: (row: Row) => void;
  edit: (row: Row) => void;
  duplicate: (row: Row) => void;
  addChild: (row: Row) => void;
  destroy: (rows: Row[]) => void;
}

interface RowMenuProps {
  row: Row;
  number: number;
  rights: CollectionRights;
  actions: RowActions;
  isTree: boolean;
}

export function RowMenu({ row, number, rights, actions, isTree }: RowMenuProps) {
  const t = useT();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t('grid.rowMenu', { row: number })}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconEye size={16} />} onClick={() => actions.view(row)}>{t('grid.open')}</Menu.Item>
        {rights.mayUpdate(row) && <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => actions.edit(row)}>{t('common.edit')}</Menu.Item>}
        {rights.create && <Menu.Item leftSection={<IconCopy size={16} />} onClick={() => actions.duplicate(row)}>{t('grid.duplicate')}</Menu.Item>}
        {rights.create && isTree && <Menu.Item leftSection={<IconSubtask size={16} />} onClick={() => actions.addChild(row)}>{t('grid.addChild')}</Menu.Item>}
        {rights.mayDestroy(row) && (
          <>
            <Menu.Divider />
            <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => actions.destroy([row])}>{t('common.delete')}</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
