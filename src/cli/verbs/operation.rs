use crate::cli::app_name;
use crate::cli::arguments::ProcedureChoice;
use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use crate::cli::operations::Operation;
use crate::cli::planning::Wish;
use crate::model::Exit;

/// Plans an operation and carries it out.
///
/// # Errors
/// When no run could be begun.
pub(in crate::cli) async fn run(operation: Operation, desk: &Desk) -> Result<Exit, Failure> {
    let app = app_name::chosen(&operation.app, desk)?;
    let choice = ProcedureChoice::default();
    let wish = Wish::new(&operation.name, &choice, operation.inputs, app, operation.app.resource.clone());
    super::run::begin(&wish, None, &operation.conduct, desk).await
}
