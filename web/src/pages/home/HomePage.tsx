// The first page: the collections one may open, or the first steps on a fresh system.
import { Badge, Button, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconDatabasePlus, IconTable } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { categoriesQuery, settingsQuery, userQuery } from '@/api/queries';
import type { Collection } from '@/api/types';
import { useT } from '@/base/i18n';
import { displayText } from '@/parts/catalog/catalog';
import { groupByCategory } from '@/parts/catalog/group_by_category';
import { area } from '@/parts/catalog/rights';
import { useCatalog, usePermissions } from '@/parts/catalog/use_catalog';
import { themeColor } from '@/parts/fields/colors';
import { EmptyState } from '@/parts/kit/EmptyState';
import { PageHeader } from '@/parts/kit/PageHeader';
import classes from './home.module.css';

export function HomePage() {
  const t = useT();
  const catalog = useCatalog();
  const permissions = usePermissions();
  const user = useQuery(userQuery).data;
  const settings = useQuery(settingsQuery).data;
  const categories = useQuery(categoriesQuery).data ?? [];
  const mine = catalog.own.filter((collection) => permissions.can(collection.name, 'view'));
  const groups = groupByCategory(mine, categories, t('nav.otherCollections'));
  const mayDesign = permissions.mayConfigure(area.collections);
  return (
    <>
      <PageHeader title={t('home.welcome', { name: user?.nickname || user?.username || '' })} description={settings?.title} />
      {mine.length === 0 && (
        <Card withBorder mb="lg">
          <EmptyState
            icon={<IconDatabasePlus size={36} color="var(--mantine-primary-color-filled)" aria-hidden />}
            title={mayDesign ? t('home.start') : t('home.nothing')}
            text={mayDesign ? t('home.startText') : t('home.nothingText')}
          >
            {mayDesign && <Button component={Link} to="/admin/collections" mt="xs">{t('home.startButton')}</Button>}
          </EmptyState>
        </Card>
      )}
      <Stack gap="lg">
        {groups.map((group) => (
          <section key={group.key} aria-label={group.title}>
            <Group gap="xs" mb="xs">
              <Title order={2}>{groups.length > 1 ? group.title : t('nav.collections')}</Title>
              <Badge variant="light" color={themeColor(group.color)} size="sm">{group.collections.length}</Badge>
            </Group>
            <SimpleGrid cols={{ base: 1, xs: 2, md: 3, xl: 4 }} spacing="sm">
              {group.collections.map((collection) => <CollectionCard key={collection.name} collection={collection} />)}
            </SimpleGrid>
          </section>
        ))}
      </Stack>
    </>
  );
}

function CollectionCard({ collection }: { collection: Collection }) {
  return (
    <Card component={Link} to="/admin/collections/$name/records" params={{ name: collection.name } as never} withBorder padding="sm" className={classes.card ?? ''}>
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <IconTable size={20} stroke={1.6} color="var(--mantine-color-dimmed)" aria-hidden style={{ flex: 'none', marginTop: 2 }} />
        <div>
          <Text fw={600} size="sm">{displayText(collection.title) || collection.name}</Text>
          <Text size="xs" c="dimmed" lineClamp={2}>{collection.description || collection.name}</Text>
        </div>
      </Group>
    </Card>
  );
}
