export type Figure = number | string | boolean | null;
export type Figures = Readonly<Record<string, Figure>>;
