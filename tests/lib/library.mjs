// A small library: authors, books, genres and their relations, for tests that need some data of every kind.
export const id = {name: 'id', type: 'bigInt', interface: 'id', autoIncrement: true, primaryKey: true, allowNull: false};
const titled = (title, field) => ({...field, uiSchema: {...field.uiSchema, title}});

export const collections = [
  {name: 'authors', title: 'Authors', autoGenId: false, fields: [id, titled('Name', {name: 'name', type: 'string', interface: 'input'})]},
  {name: 'genres', title: 'Genres', autoGenId: false, fields: [id, titled('Label', {name: 'label', type: 'string', interface: 'input', unique: true})]},
  {name: 'books', title: 'Books', autoGenId: false, fields: [
    id,
    titled('Title', {name: 'title', type: 'string', interface: 'input', allowNull: false}),
    titled('Price', {name: 'price', type: 'decimal', interface: 'number', precision: 10, scale: 2}),
    titled('Pages', {name: 'pages', type: 'integer', interface: 'integer'}),
    titled('Published', {name: 'published', type: 'dateOnly', interface: 'date'}),
    titled('Read at', {name: 'readAt', type: 'date', interface: 'datetime'}),
    titled('Extra', {name: 'extra', type: 'json', interface: 'json'}),
    titled('Available', {name: 'available', type: 'boolean', interface: 'checkbox'}),
    titled('Author', {name: 'author', type: 'belongsTo', interface: 'm2o', target: 'authors', foreignKey: 'authorId', targetKey: 'id'}),
    titled('Genres', {name: 'genres', type: 'belongsToMany', interface: 'm2m', target: 'genres', through: 'bookGenres', foreignKey: 'bookId', otherKey: 'genreId', sourceKey: 'id', targetKey: 'id'}),
  ]},
];

export const rows = {
  authors: [{id: 1, name: 'Soseki'}, {id: 2, name: 'Sand'}],
  genres: [{id: 1, label: 'novel'}, {id: 2, label: 'humour'}, {id: 3, label: 'travel'}],
  books: [
    {id: 1, title: 'Kokoro', price: '12.50', pages: 248, published: '1914-04-20', available: true, authorId: 1, genres: [1]},
    {id: 2, title: 'Botchan', price: '9.00', pages: 170, published: '1906-04-01', available: false, authorId: 1, genres: [1, 2]},
    {id: 3, title: 'Indiana', price: null, pages: 336, published: '1832-05-19', available: true, authorId: 2, genres: []},
  ],
};

/** Makes collections and rows with an administrator's client. */
export async function makeLibrary(admin) {
  for (const collection of collections) await admin.must(admin.post('collections:create', collection));
  for (const [name, list] of Object.entries(rows)) await admin.must(admin.post(`${name}:create`, list));
}

/** A plain collection for load: notes(id, n, kind). */
export const notes = {name: 'notes', title: 'Notes', autoGenId: false, fields: [
  id, {name: 'n', type: 'integer', interface: 'integer'}, {name: 'kind', type: 'string', interface: 'input', index: true}]};
