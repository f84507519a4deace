//! Whether all is well: for a person who sets Clara up, and for load balancers and service managers.

pub mod doctor;
pub mod readiness;
