-- What a template shows besides its words: header, footer, media, the button of a list (JSON).

ALTER TABLE template ADD COLUMN face TEXT NOT NULL DEFAULT '{}';
