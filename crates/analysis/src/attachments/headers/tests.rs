use super::*;

fn headers(table: &str) -> (usize, usize, Vec<String>) {
    let rows: Vec<Vec<&str>> = table
        .lines()
        .map(|line| line.split(',').collect())
        .collect();
    let found = find(&rows, true);
    (found.first, found.data, found.names)
}

#[test]
fn a_header_is_found_beneath_titles() {
    for (table, first, data, names) in [
        (
            "Town,2019,2020\nBrask,41200,42500\nVeskar,18300,18100",
            0,
            1,
            &["Town", "2019", "2020"][..],
        ),
        (
            ",town,visitors\n0,Brask,41200\n1,Veskar,18300",
            0,
            1,
            &["", "town", "visitors"],
        ),
        (
            "Year,Revenue,\n2022,123,\n2023,143,",
            0,
            1,
            &["Year", "Revenue", ""],
        ),
        (
            "Sheds,,\nYear,Region,Sold\n2021,North,412\n2022,North,631",
            1,
            2,
            &["Year", "Region", "Sold"],
        ),
        (
            "town,mayor\nBrask,Ada Lorne\nVeskar,Jon Moe",
            0,
            1,
            &["town", "mayor"],
        ),
        ("a,a\n1,2\n3,4", 0, 1, &["a", "a"]),
        (
            "Exported by,the office\n\nYear,Region,Sold\n2021,North,412\n2022,North,631\n2023,North,1",
            2,
            3,
            &["Year", "Region", "Sold"],
        ),
        ("#Year,Sold\n2021,412\n2022,631", 0, 1, &["Year", "Sold"]),
    ] {
        let expected: Vec<String> = names.iter().map(ToString::to_string).collect();
        assert_eq!(headers(table), (first, data, expected), "{table}");
    }
}

#[test]
fn two_header_rows_are_joined() {
    for (table, names) in [
        (
            ",2022,,2023,\nRegion,Revenue,Costs,Revenue,Costs\nNorth,1,2,3,4\nSouth,5,6,7,8",
            &[
                "Region",
                "2022 Revenue",
                "2022 Costs",
                "2023 Revenue",
                "2023 Costs",
            ][..],
        ),
        (
            "Region,2022,2022,Total\n,Revenue,Costs,\nNorth,1,2,3\nSouth,5,6,7",
            &["Region", "2022 Revenue", "2022 Costs", "Total"],
        ),
        (
            "Year,Revenue,Costs\n,(EUR),(EUR)\n2021,14,15",
            &["Year", "Revenue (EUR)", "Costs (EUR)"],
        ),
        (
            ",Visitors,\nTown,Spring,Summer\nBrask,14,15\nTolm,4,5",
            &["Town", "Visitors Spring", "Visitors Summer"],
        ),
    ] {
        assert_eq!(headers(table).2, names, "{table}");
    }
}

#[test]
fn an_upper_row_may_name_the_first_column() {
    let (_, data, names) =
        headers("Region,2022,,2023,\n,In,Out,In,Out\nNorth,1,2,3,4\nSouth,5,6,7,8");
    assert_eq!(data, 2);
    assert_eq!(
        names,
        ["Region", "2022 In", "2022 Out", "2023 In", "2023 Out"]
    );
}

#[test]
fn data_in_the_first_row_is_no_header() {
    for table in [
        "1934,412\n1935,413",
        "Brask,41200\nVeskar,18300",
        "2021,North,5\n2022,South,7",
        "Weight,8.2 kg\nPower,1450 W",
        "Name:,Brask Mill\nFounded:,1912\nStaff:,410",
    ] {
        let (first, data, names) = headers(table);
        assert_eq!((first, data, names.len()), (0, 0, 0), "{table}");
    }
}
