//! Which surface a path belongs to (contract 2.1): it words what the framework itself refuses.

use axum::response::Response;

use crate::{admin, error::Problem, gestion_nube, lummy, lunara, lunatel, nexus};

/// A surface, with the path that was asked where its errors depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    Nexus,
    Lunara,
    GestionNube,
    Lummy,
    Lunatel,
    Own,
}

/// LUNARA's paths; others under `/api` are Gestion Nube's.
const LUNARA: [&str; 3] = ["/api/v1/clientes", "/api/v1/recetas", "/api/v1/inventario"];

fn under(path: &str, root: &str) -> bool {
    path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Surface {
    /// The surface of a path.
    pub fn of_path(path: &str) -> Self {
        let roots = ["/v1/customers", "/customers", "/auth/login"];
        if under(path, "/pos") {
            Self::Nexus
        } else if path == lummy::LOGIN || roots.iter().any(|root| under(path, root)) {
            Self::Lummy
        } else if under(path, "/v1") {
            Self::Lunatel
        } else if LUNARA.contains(&path) {
            Self::Lunara
        } else if under(path, "/api") || under(path, "/sanctum") {
            Self::GestionNube
        } else {
            Self::Own
        }
    }

    /// A problem in the surface's words and shape.
    pub fn problem(self, problem: &Problem, asked: &Asked<'_>) -> Response {
        match self {
            Self::Nexus => nexus::render::problem(problem),
            Self::Lunara => lunara::render::problem(problem),
            Self::GestionNube => gestion_nube::render::problem(problem),
            Self::Lummy => lummy::render::problem(problem, asked),
            Self::Lunatel => lunatel::render::problem(problem, asked),
            Self::Own => admin::render::problem(problem),
        }
    }
}

/// What was asked, for surfaces that say it in their errors.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The request's id.
    pub request_id: &'a str,
    /// The method.
    pub method: &'a str,
    /// The path.
    pub path: &'a str,
    /// When, RFC 3339.
    pub at: jiff::Timestamp,
    /// The languages that the caller reads.
    pub accept_language: &'a str,
    /// The media types that the caller takes.
    pub accept: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_belong_to_the_surfaces_of_the_contract() {
        for (path, surface) in [
            ("/pos/api/sales/7", Surface::Nexus),
            ("/api/v1/inventario", Surface::Lunara),
            ("/api/v1/inventario/120", Surface::GestionNube),
            ("/sanctum/token", Surface::GestionNube),
            ("/v1/customers", Surface::Lummy),
            ("/customers/9", Surface::Lummy),
            ("/v1/Customers", Surface::Lunatel),
            ("/v1/auth/login", Surface::Lummy),
            ("/v1/Auth/Login", Surface::Lunatel),
            ("/v1/order/postorder", Surface::Lunatel),
            ("/positive", Surface::Own),
            ("/admin/v1/keys", Surface::Own),
        ] {
            assert_eq!(Surface::of_path(path), surface, "{path}");
        }
    }
}
