import { Drawer, type DrawerProps } from '@mantine/core';
import type { ReactNode } from 'react';

interface SideDrawerProps {
  opened: boolean;
  onClose: () => void;
  title: ReactNode;
  size?: DrawerProps['size'];
  children: ReactNode;
}

/** The panel on the right in which things are made and changed; the whole screen on a phone. */
export function SideDrawer({ opened, onClose, title, size = 'lg', children }: SideDrawerProps) {
  return (
    <Drawer opened={opened} onClose={onClose} title={title} position="right" size={size} styles={{ title: { fontWeight: 650, fontSize: '1.1rem' } }}>
      {children}
    </Drawer>
  );
}
