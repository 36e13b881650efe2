//! Rules of employees' records: who may change whose, and that the owner stays.

#![allow(clippy::unwrap_used, reason = "a test may panic anywhere")]

mod shop;

use cqrs_es::test::TestFramework;
use diario_domain::{
    BranchId, EmployeeId, Event, Rate, Refusal,
    command::Issued,
    employee::{Employee, EmployeeCommand, PinChanged, Role, UpdateEmployee},
};
use shop::{CASHIER, OWNER, asks, beginnings, book_after, employee};

fn asked(
    by: EmployeeId,
    of: EmployeeId,
    role: Role,
    command: EmployeeCommand,
) -> Result<Vec<Event>, Refusal> {
    TestFramework::<Employee>::with(book_after(&[]))
        .given(vec![employee(of, role, 10)])
        .when(Issued { by, ..asks(command) })
        .inspect_result()
}

fn dismissed() -> UpdateEmployee {
    UpdateEmployee { is_active: Some(false), ..UpdateEmployee::default() }
}

#[test]
fn what_is_not_named_stays() {
    let update = UpdateEmployee { role: Some(Role::Warehouse), ..dismissed() };
    let events = asked(OWNER, CASHIER, Role::Cashier, EmployeeCommand::Update(CASHIER, update)).unwrap();
    let [Event::EmployeeUpdated(now)] = &events[..] else { panic!("{events:?}") };
    assert_eq!((now.role, now.is_active, now.name.as_str()), (Role::Warehouse, false, "cashier"));
    assert_eq!(now.max_discount_pct, Rate(10_000_000));
}

#[test]
fn a_change_that_changes_nothing_is_no_event() {
    let same =
        UpdateEmployee { role: Some(Role::Cashier), is_active: Some(true), ..UpdateEmployee::default() };
    assert_eq!(asked(OWNER, CASHIER, Role::Cashier, EmployeeCommand::Update(CASHIER, same)), Ok(Vec::new()));
}

#[test]
fn the_owner_is_changed_by_nobody_else() {
    for command in [EmployeeCommand::Update(OWNER, dismissed()), EmployeeCommand::ChangePin(OWNER)] {
        assert_eq!(asked(CASHIER, OWNER, Role::Owner, command), Err(Refusal::OwnersOnly(OWNER)));
    }
    let pin = asked(OWNER, OWNER, Role::Owner, EmployeeCommand::ChangePin(OWNER)).unwrap();
    assert_eq!(pin, [PinChanged { employee_id: OWNER }.into()]);
}

#[test]
fn the_owner_stays_and_no_other_becomes_one() {
    let role = |role| UpdateEmployee { role: Some(role), ..UpdateEmployee::default() };
    for update in [dismissed(), role(Role::Admin)] {
        let command = EmployeeCommand::Update(OWNER, update);
        assert_eq!(asked(OWNER, OWNER, Role::Owner, command), Err(Refusal::OwnerStays(OWNER)));
    }
    let command = EmployeeCommand::Update(CASHIER, role(Role::Owner));
    let refused = asked(OWNER, CASHIER, Role::Cashier, command).unwrap_err();
    assert!(matches!(refused, Refusal::Invalid { field: "role", .. }), "{refused:?}");
}

#[test]
fn a_record_is_held_to_what_a_new_one_is() {
    let nobody = EmployeeId(99);
    let unknown = TestFramework::<Employee>::with(book_after(&[]))
        .given_no_previous_events()
        .when(asks(EmployeeCommand::ChangePin(nobody)))
        .inspect_result();
    assert_eq!(unknown, Err(Refusal::EmployeeNotFound(nobody)));
    for (update, wanted) in [
        (UpdateEmployee { branch_id: Some(BranchId(99)), ..UpdateEmployee::default() }, "branch 99"),
        (UpdateEmployee { name: Some(" ".to_owned()), ..UpdateEmployee::default() }, "name"),
        (
            UpdateEmployee { max_discount_pct: Some(Rate(100_000_001)), ..UpdateEmployee::default() },
            "max_discount_pct",
        ),
    ] {
        let command = EmployeeCommand::Update(CASHIER, update);
        let refused = asked(OWNER, CASHIER, Role::Cashier, command).unwrap_err().to_string();
        assert!(refused.contains(wanted), "{refused}");
    }
}

#[test]
fn whoever_was_dismissed_is_nobody_to_the_book() {
    let command = EmployeeCommand::Update(CASHIER, dismissed());
    let past = asked(OWNER, CASHIER, Role::Cashier, command).unwrap();
    assert!(beginnings(false).contains(&employee(CASHIER, Role::Cashier, 10)));
    assert_eq!(book_after(&past).employee(CASHIER), Err(Refusal::UnknownEmployee(CASHIER.0)));
}
