export function CollectionsPage() { return <div>CollectionsPage</div>; }
