export function FieldsPage({ collection }: { collection: string }) { return <div>{collection}</div>; }
