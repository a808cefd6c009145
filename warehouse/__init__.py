"""The ground floor: nouns, storage, search and exports. Imports neither crawlers nor nlp."""
