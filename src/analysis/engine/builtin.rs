//! The engine that needs nothing: deterministic, offline, cheap. Words, numbers and their clashes are weighed by a model
//! that was fitted on labelled claims; where it is not sure enough it says so instead of guessing.
