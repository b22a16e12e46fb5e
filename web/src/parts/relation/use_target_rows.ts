// The rows one may choose for a relation: searched on the server, page after page.
import { useInfiniteQuery } from '@tanstack/react-query';
import { listRows, resourcePath } from '@/api/records';
import type { Row } from '@/api/types';
import { useCatalog } from '@/parts/catalog/use_catalog';
import { joinFilters } from '@/parts/filter/filter_model';

const pageSize = 20;

export function useTargetRows(target: string, search: string, enabled: boolean) {
  const catalog = useCatalog();
  const titleField = catalog.titleField(target);
  const keys = catalog.keyFields(target);
  const query = useInfiniteQuery({
    queryKey: ['rows', target, 'choices', search],
    enabled,
    initialPageParam: 1,
    queryFn: ({ pageParam, signal }) =>
      listRows(resourcePath(target), {
        page: pageParam,
        pageSize,
        filter: joinFilters(search && titleField ? { [titleField]: { $includes: search } } : undefined),
        fields: [...new Set([...keys, ...(titleField ? [titleField] : [])])],
        sort: titleField ? [titleField] : undefined as never,
      }, signal),
    getNextPageParam: (last, pages) =>
      (last.meta.hasNext ?? (last.meta.count ?? 0) > pages.length * pageSize) ? pages.length + 1 : undefined,
  });
  const rows: Row[] = query.data?.pages.flatMap((page) => page.data) ?? [];
  const total = query.data?.pages[0]?.meta.count;
  return { rows, total, titleField, query };
}
