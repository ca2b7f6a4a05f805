//! The room `runbook`.
